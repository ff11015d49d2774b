/**
 * Little tales: dreams, memories, news and observations that fit into any scene. They bring in the plain English words
 * that the events do not need, so that a model knows them when it meets them in a text of the user.
 */
import { lines } from './vocabulary.ts';

export const tales = lines(`
  In {his} dream, {hero} was [a ghost|a giant|a pilot|invisible|a whale|an army of ants|a bubble|the smallest animal on earth] and [floated above the town|could lift a whole palace|flew beyond the mountains|swam under the ice|conquered an entire country without a single fight]. {more}
  {Helper} had once been married to a {trade}. "She was a [handsome|stubborn|lucky|sensible] woman," said {helper}, "and she had {number} hats." {talk}
  The mayor's wife sat at the table with her {few} daughters, and her sons stood behind them like soldiers. Her husband was late, as usual. {more}
  When {helper} was a baby, {helper.he} never cried. {Helper.his} parents thought that {helper.he} was deaf. {more}
  {Hero} drew a {thing} on a piece of paper, folded it, and put it into an envelope with a stamp. {more}
  {Hero} chose the smaller half, because {he} was polite. {Friend} chose the bigger one. {talk}
  "Guess what is in my pocket," said {friend}. [{Hero} guessed {few} times, and each time {he} was wrong.|It was a frog.|It was a piece of string and half an onion.] {more}
  They shared a dozen sandwiches and drank lemon juice out of a bottle. {more}
  {Hero} spilled the milk, and {friend} wiped it up with a rag. {talk}
  {Hero} squeezed through the gap, but {friend} got stuck by the belt. {talk}
  {Hero} stretched out on the ground, chewed on a blade of grass, and did nothing at all. {more}
  The tooth hurt terribly. {Helper} tied a thread to it and slammed the door. {more}
  {Hero} bought {few} stamps, a comb and a bar of soap in the store, and the change was {number} cents. {more}
  At school the pupils had to learn a poem by heart. {Hero} had studied the wrong page. {talk}
  The teacher drew a straight line and asked, "Is it possible to measure a shadow?" Nobody raised a hand, except {hero}. {more}
  The judge in the big black robe asked, "Are you guilty?" "It depends on what you mean," said {helper}. {more}
  For lack of proof, {helper} was set free after {few} days in prison. {talk}
  The army marched through the town with flags and drums. {Hero} noticed that one of the soldiers was weeping. {more}
  There had been a war, long before {hero} was born. The old people did not like to talk about it. {more}
  The queen sent for the best musician in the country. He played one single note, and she gave him a purse full of gold. {more}
  A king once made a law that nobody was allowed to [whistle|laugh at dinner|own a clock|walk backward|wear red]. The people obeyed for a week. Then they forgot about it. {more}
  There was a king who could not choose between his three sons, so he gave the crown to the {trade}. {talk}
  "Ladies and gentlemen," shouted {helper}, "what you will see tonight has never been seen before!" {more}
  On the stage stood a magician in a long cape. He pulled a {animal} out of a hat and bowed. {more}
  The music began, and pairs whirled around the hall. {Hero} stepped on {friend}'s foot. {talk}
  A band played in the park, and people sat on the lawn with ice cream and lemonade. {more}
  For the picnic they spread a blanket under the trees. Ants came and carried off the sugar, grain by grain. {more}
  The engine coughed, trembled and died. The driver climbed down and kicked a wheel. {talk}
  The train rolled through fields of wheat, past barns and stables, past orchards in full bloom. {more}
  All the passengers had to get off, because a cow was standing on the track. {more}
  {Hero} turned the tap, but no water came out of the pipe. {more}
  {Hero} painted the fence white. Before the paint was dry, a {animal} leaned against it. {talk}
  With a saw, {few} nails and a lot of patience, {hero} built a stool. One leg was shorter than the others. {more}
  {Hero}'s trousers were torn, {his} stockings were wet, and {his} shoes squeaked with every step. {more}
  {Hero} combed {his} hair, washed {his} neck, and put on a clean shirt. {more}
  "You have grown an inch," said {his} {relative}. {talk}
  {Hero} had no brothers and no sisters, only a {relative} with a [gray beard|wooden leg|loud voice|bad temper|glass eye|heart of gold]. {more}
  Everyone praised {friend}, and {hero} felt a sting of envy. {more}
  It was hard to forgive {friend}, but it was even harder not to. {more}
  "Forgive me," said {friend}. "There is nothing to forgive," said {hero}. {more}
  The news spread like fire: {helper} had found [gold|a treasure|a dead whale|a new star|a cure for hiccups|a baby in a basket]. {talk} {more}
  The mail was late again. There was a parcel for {hero}, but no note and no name on it. {talk} {more}
  Inside the parcel was another parcel, and inside that was another. In the very middle was a {thing}. {talk}
  Grain by grain, the sand slipped through {his} fingers. {more}
  Something moved beneath the surface. A curl of steam rose from the pool. {talk} {more}
  A swarm of bees settled on {helper}'s hat. {Helper} stayed perfectly still. {more}
  The snake lifted its flat head and stared at them without blinking. {talk} {more}
  The nest was lined with wool and hair. In it lay {few} eggs, pale blue with brown spots. {more}
  The hunter's gun went off, and a flock of wild geese rose from the reeds. Not one of them was hit. {more}
  A lamb was born that night. It was so weak that {helper} rubbed it with straw and fed it from a bottle. {more}
  The old horse was sold for {number} coins. {Hero} hid {his} face in its mane and wept. {more}
  "Whoever owns this dog should keep it on a chain," complained {helper}. {talk}
  A rat had gnawed a hole in the sack, and the rice was running out. {more}
  Nothing grew in the poor soil except weeds and thorns. Yet {hero} dug, planted and watered, and waited for {season}. {more}
  The roots of the old tree reached deep into the earth, and its crown touched the clouds. It must have stood there for a thousand years. {more}
  The pear tree bloomed in {month}. Bees hummed in it from dawn to dusk. {more}
  By the end of the week the apples were ripe. They filled {few} baskets and stored them in the cellar. {more}
  The flood had covered the road, the orchard and half of the town. People sat on their roofs and waved with sheets. {more}
  Soon the thaw came. Drip by drip, the icicles vanished, and the brook began to murmur. {more}
  The heat was awful. Even the flies were too lazy to buzz. {talk} {more}
  The coast was rough and empty. Waves struck the rocks, and the spray tasted of salt. {more}
  The old sailor had an anchor on his arm and a pipe between his teeth. "A ship without a captain is only timber," he said. {talk}
  The ship had gone down in a storm within sight of the port. Every member of the crew was rescued, even the cat. {talk}
  The voyage lasted {number} days. They had nothing to eat except hard bread, dried meat and beans. {more}
  Treasure lay at the bottom of the ocean, and nobody could dive that deep. {talk}
  A wave lifted the boat, spun it around, and set it down again. {talk} {more}
  The wind filled the sails. The ropes hummed, the timber groaned, and the bow cut through the foam. {more}
  The lamp turned, and its beam wandered over the dark water like a slow white finger. {more}
  "Man overboard!" cried a voice. A dozen hands threw a dozen ropes. {more}
  "Land!" called the boy in the crow's nest. There was a thin blue line on the horizon. {talk} {more}
  The skin of the drum was cracked, so {hero} used a bucket instead. {more}
  The bakery smelled of sugar, butter and yeast. {Hero} pressed {his} nose against the glass and sniffed. {more}
  Take {few} eggs, a cup of sugar, a pinch of pepper, and stir until your arm is tired. {more}
  The soup was too salty, the meat was raw, and the potatoes were burned. "Delicious," said {friend}, who was very polite. {more}
  {Helper} lived in a cottage with a crooked roof, a stove, a bed, and {number} clocks that all ticked at different speeds. {more}
  The bedroom was so cold that {hero} wore {his} hat in bed and slept with the dog on {his} stomach. {more}
  The ceiling was low, the floor was damp, and the wallpaper hung down in strips. {more}
  Upstairs somebody was walking back and forth, back and forth. {exchange} {more}
  The carpet was worn, the cushions had lost their feathers, and a moth lived in the piano. {more}
  Under the floor lay an old photograph. It showed {few} children in front of a cottage. One of them looked exactly like {hero}. {talk} {more}
  The handwriting was so small that {hero} needed a magnifying glass. "{remark}" it said. {more}
  {Hero} copied the message word for word, then burned the original. {more}
  {Hero} could not explain it. Maybe it was magic, maybe it was only chance. {more}
  "It is simple," said {helper}. "You choose a direction, and you go." {talk}
  "Courage is not the same as having no fear," said {helper}. "A fool has no fear." {talk}
  "Hope costs nothing," said {helper}, "so why should one save it?" {talk}
  "Every journey has an end," said {helper}. "Not every end is sad." {more}
  "A secret is like a stone in the shoe," said {helper}. {talk}
  "If nobody asks, nobody learns," said {helper}. {talk}
  "What goes up must come down," said {helper}, and at that moment the shelf fell. {more}
  Neither rain nor snow could stop {hero}. Only sleep could. {more}
  At times {hero} wondered whether other people felt the same. {more}
  Usually {hero} was the last to wake up, but that day {he} was the first. {more}
  Seldom had there been such a [quiet|happy|noisy|long|wonderful|terrible|strange] evening. {more}
  {Hero} felt as light as a feather, and {his} joy was greater than {his} fear. {more}
  Suddenly {hero} understood. It had been in front of {his} eyes the whole time. {talk} {more}
  {Hero} swore that {he} would never tell a soul. Then {he} told {friend}. {talk}
  {Hero} bit {his} lip, and tears ran down {his} cheeks. {more}
  {Hero} swallowed the bitter medicine and made a terrible face. {talk}
  {Hero} cut {his} thumb, and a drop of blood fell on the snow-white cloth. {talk}
  {Hero}'s knees were weak, and {his} throat was dry, but {he} stepped forward. "{remark}" {he} said. {more}
  {Friend} laughed so hard that {friend.his} stomach hurt. {more}
  They sat side by side, chin in hand, and watched the water flow under the bridge. {more}
  {Hero} leaped up, grabbed the rope, and swung across. {talk} {more}
  There was a fight in the yard. {Hero} got a black eye and lost a sleeve. {talk}
  {Hero} spent all {his} money on a ticket to {the.far}. {talk} {more}
  {Hero} worked in the stable for a low wage. {He} brushed the horses, carried hay, and slept above them in the straw. {more}
  Business was bad. {Helper} sat in the empty shop and waited for customers. {talk} {more}
  "What does it weigh?" "{Number} pounds," said {helper}, "bones and all." {more}
  In the shed stood a machine with pipes and wheels. It hissed, it shook, it spat oil, and nobody knew what it was for. {talk}
  {Hero} pressed the button. For a second nothing happened. Then all the lights went out. {talk} {more}
  The town had decided to build a new bridge, but the stone masons wanted more pay. {talk}
  The church bell rang {number} times. It was a wedding, and rice flew through the air. {more}
  The bride wore a gray raincoat, for it was pouring. The groom had lost the ring. {talk}
  A funeral passed by, slowly and without a sound. {Hero} took off {his} cap. {more}
  People gathered around the fountain. "What's the matter?" asked {hero}. Nobody replied. {more}
  There was a map of the world on the wall. {Hero} put a pin into it, far away, in the middle of the sea. {talk}
  East or west, home is best, they say. {Hero} was not so sure. {more}
  {Hero} had a habit of counting things: steps, spoons, clouds, the teeth of the comb. {more}
  {Hero} collected [leaves|stamps|stones|jokes|shells|strange words|broken clocks|feathers] and kept them in a box under {his} bed. {more}
  There was a shelf for everything {friend} had ever lost and found again. {more}
  Thirteen is an unlucky number, and it was the thirteenth of {month}. {more}
  Once a year, {helper} told the same joke, and once a year everybody laughed. {more}
  The old man next door was [rude|lonely|blind|a little odd|as thin as a rake|always in a good mood], and people avoided him. {Hero} took him some {food}. {more}
  The twins looked so much alike that even their mother mixed them up. {talk} {more}
  "Look at these hands," said {helper}. They were rough, and the nails were black with soil. {more}
  "Those are mine, these are yours, and that one is ours," said {friend}. {more}
  {Hero} was tempted to run. But {he} remained where {he} was. {more}
  {Hero} saved {friend} from drowning, and {friend} never forgot it. {more}
  They carved their names into the bark. The letters will still be there when they are old. {more}
  {Hero} is grown up now, but {he} still remembers the sound of that voice. {more}
  The lid was tight. They tried with a knife, with a spoon, and finally with a hammer. {talk}
  A spark jumped onto the carpet. {Friend} stamped on it at once. {talk}
  {Hero} mixed blue with yellow, and the result was not green at all, but the color of mud. {talk}
  At the edge of the world, {his} {relative} used to say, there is a wall, and behind the wall there is a garden. {talk}
  Once there was a tailor who sewed a coat out of darkness. Whoever wore it could not be seen, and nobody ever found it again. {talk}
  Once there was a town where it was always Sunday. The people were so bored that they paid a thief to steal something. {talk}
  Once there was a wolf who ate nothing but vegetables. The other wolves were ashamed of him, but the rabbits made him their king. {talk}
  Once a {trade} sold his shadow to a stranger. After that, even his dog did not recognize him. {talk}
  Once the moon fell into a well. The people pulled it out with a bucket, but it was never quite dry again. {talk}
  Long ago two brothers fought over a field. They split it in the middle and never spoke again. Now nothing grows there but nettles. {talk}
  {Hero} rode through the valley on a borrowed mule and sang a song of {few} verses. Death itself, it is said, once got lost there. {more}
  The carriage drove past, and mud splashed on {hero}'s coat. "Pardon me, sir!" called the driver. {talk}
  A log drifted down the stream. On it sat a {animal}, dry and safe, like a captain on the deck of a ship. {talk} {more}
  The top spun and spun. When it stumbled at last, {friend} had to pay. {talk}
  The water in the pail froze, the pail burst, and the handle stuck to {hero}'s glove. {talk}
  {Helper} shot an arrow into the air. It came down in the middle of a pie. {talk}
  There was a sort of signal: one short light, one long, then a pause. {Hero} sent it back. {more}
  The guide spoke a language that only the children understood. {talk}
  {Hero} fell, but it did not hurt, for the snow was deep and soft. Luckily the eggs were at home. {more}
  Meanwhile the main gate had been closed. "Come back tomorrow," said the guard, "or don't." {talk}
  On the shelf stood a row of jars with [beans|buttons|fireflies|dried flowers|pickles|secrets] in them, each with a neat label. {talk} {more}
  Half a loaf is better than none, and half a bed is better than the floor. So they shared both. {more}
  {Friend} took a second helping, and then a third. "There's always room for {food}," {friend.he} said. {more}
  The wind had torn the flag, the sun had bleached it, and still it fluttered from the mast. {more}
  All that was left of the house was a chimney, a doorstep and a rosebush. {Hero} sat down on the step as if {he} were waiting for dinner. {more}
  The swallows gathered on the wire. One morning they were gone, and the sky was too large. {more}
  Nobody had ever thanked the {trade} before. {Hero} did, and it was easy. {more}
`);
