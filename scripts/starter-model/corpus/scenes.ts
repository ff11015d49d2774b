/**
 * What can happen in the middle of a story. A scene is a short chain of cause and effect; `{more}` and `{talk}` let
 * small sentences about the same things follow it. Scenes are grouped by where they make sense.
 */
import { lines } from './vocabulary.ts';

export const scenes = {
  anywhere: lines(`
    {Time}, {hero} saw a {thing.look} {thing} {spot}. {more} {more}
    There was a {thing.look} {thing} {spot}. {more}
    {Friend} came back with a {thing.look} {thing}. {talk} {more}
    {exchange} {talk} {more}
    {exchange} {exchange} {more}
    {speech} {talk}
    {speech} {exchange} {more}
    {Time}, they met {helper.a}. {Helper} {helper.work}. {exchange} {talk}
    {Helper.a} was standing {seat}. [{He} had a {thing.look} {thing}.|{Helper} {helper.work}.|Nobody had seen {helper.him} come.] {exchange} {more}
    {Time}, a {animal.look} {animal} appeared {seat}. {more} {talk}
    {Hero} heard {sound} {seat}. [It was only a {animal}.|Nobody else heard it.|It was {helper}.|It grew louder.] {more}
    {Time}, there was {sound}. It came from {the.far}. {more} {talk}
    {Time}, {hero} lost {his} {thing}. {search} {search}
    The {thing} was gone. [Somebody had moved it.|{Hero} wanted to cry.|{Friend} turned pale.] {search} {search}
    They looked for the {thing}. {search} {search}
    A {animal.look} {animal} was stuck {seat}. {Hero} pulled and pulled. [At last it was free.|It was not easy.|The {animal} bit {him} in the {body}, but {he} did not let go.] {more}
    {Helper} needed a {thing}. {speech} [They worked all day.|They found one {spot}.|It cost {number} coins.] {more}
    {Time}, they made a {craft}. [{Hero} did the hard part.|It fell down twice.|It looked like a {other}.|It was better than the one in the shop.] {more}
    {Hero} had an idea. "We could make a {craft}," {he} said. {talk}
    {Hero} had an idea, but it was not a good one. {more} {talk}
    {Time}, {hero} was {feeling}. [{He} thought about the {prize}.|{He} did not want to talk.|{Friend} told {him} a story.] {more}
    {Hero} remembered {absent}. {He} wanted to {wish}. {more}
    {Friend} told a story about a {animal.look} {animal} and a {trade}. {more} {talk}
    {Time}, {helper} played the {instrument}. Everybody [danced|sang|clapped|listened]. {more}
    {Time}, they slept {seat}. {Hero} dreamed of {food}. {more}
    {Friend} gave {hero} a {thing.look} {thing}. "[This is for you|It is yours|Keep it|Take it|I made it]," {friend.he} said. {talk}
    {Helper} gave them a {thing.look} {thing} and some {food}. {talk} {more}
    {Time}, the {thing} [broke|fell down|rolled away|was gone|fell apart]. {more} {talk}
    A {animal.look} {animal} stole {food.the}. {Hero} ran after it. {more}
    They ate some {food} {seat}. {more} {talk}
    {Friend} [brought|fetched|had] some {food}. {speech} {more}
    {Helper} brought some {food}. [Everyone wanted some.|It smelled wonderful.|There was enough for everybody.] {talk}
    {Time}, {hero} was hungry. There {food.was} only some {food}. {more}
    {Hero} wrote a letter to {absent}. It said, "{remark} {remark}" {more}
    {Hero} found a letter {spot}. It said, "{remark} {remark}" {more}
    On {day}, there was [a feast|a wedding|a concert|a fire|a party|a lottery|a contest|a dance] {place.in}. {more} {more}
    {Time}, {hero} and {friend} quarreled. [It was about the {thing}.|Nobody remembered how it began.|They both said things that hurt.] {more} "I'm sorry," said {friend}. "I'm sorry too," said {hero}. [They shook hands.|They hugged.|They laughed.|Then they were friends again.] {talk}
    {Hero} was angry with {friend}. {He} [slammed the door|did not speak to {friend.him} for {number} days|went away alone|tore the letter to pieces]. {more}
    {Time}, {hero} told a lie. {speech} [It was only a small lie, but it grew.|{Friend} believed {him}.|Nobody believed {him}.] {more}
    {Hero} told the truth, although it was hard. {talk}
    {Hero} promised to {wish}. It is easy to promise, but it is hard to wait. {more}
    {Hero} made a mistake. {more} {talk}
    {Time}, {hero} felt ill. {Friend} brought {him} some {food} and told {him} to rest. {more}
    {Hero} had a fever and stayed in bed for {number} days. {Friend} sat beside {him} and read aloud from a {thing.look} book. {talk}
    {Time}, they played a game. [{Friend} won.|{Hero} won.|Nobody won.|{Friend} cheated, and they began again from the beginning.] {more}
    {Hero} closed both eyes and made a wish. {more}
    {Friend} asked a riddle. "What has {number} legs and cannot walk?" {talk}
    {Hero} taught {friend} how to {skill}. It was harder than it looked. {more}
    There was a strange sign {spot}. "[Keep out|Beware of the {animal}|Closed until {season}|Do not ring the bell|No {animals} allowed|This way to the end of the world|Silence, please]," it said. {more} {talk}
    The door was locked, but the key was {spot}. Inside, it was [dark|warm|completely empty|full of old furniture|as cold as ice]. {more}
    {Hero} lit a candle and held it up. {Place.there}. {more}
    Everyone {place.in} knew {helper}. [Nobody knew where {helper.he} came from.|Some people were afraid of {helper.him}.|{Helper.he} had lived there for {number} years.|Children often threw stones at {helper.his} window.] {more}
    {Newcomer} was {helper.a} who [came from {the.far}|never slept|spoke seven languages|could not read|hated noise|had once been rich|loved {food}]. {exchange} {more}
    A thief had been there during the night. The {thing} was missing, and so was the {other}. {search} {more}
    Somebody knocked at the door. It was {helper}. {exchange} {talk}
    {Helper} asked {hero} to carry the {thing} to {the.far}. [It was heavier than it looked.|{He} did it at once.|The reward was {number} coins.] {more}
    {Helper} told them an old legend. "{Number} hundred years ago, a {trade} buried a {thing} {place.in}. Nobody has ever found it." {talk}
    {Hero} dug a hole {seat}, deeper and deeper. [There was nothing in it.|Then the shovel hit something hard.|{Friend} laughed until it hurt.] {more}
    {Hero} carried the {thing} on {his} back. It was heavy. {more}
    {Hero} dropped the {thing}. It broke into {number} pieces. {talk} {more}
    They mended the {thing} with glue and string. [It was not perfect, but it worked.|It looked worse than before.|Now it was stronger than ever.] {more}
    {Hero} climbed onto a chair to look. {more}
    {Time}, a stranger offered {hero} {number} coins for the {thing}. {talk} {more}
    {Hero} sold the {thing} and bought a {other}. {talk}
    {Hero} bought some {food} and paid with a {color} button. {talk}
    {Hero} hid {seat} and held {his} breath. {Sound} came closer and closer. {more}
    {Time}, {friend} disappeared. {Hero} called {friend.his} name, but there was no answer. {search} {search}
    {Hero} was alone. {more} {more} Then {friend} came around the corner. {talk}
    {Hero} practiced every day. At first {he} failed, then {he} failed a little less. {more}
    There was a {thing.look} {thing} under a {color} cloth. "Don't look!" said {friend}. "It's a surprise." {more}
    It was {his} birthday, and nobody had remembered. {more} But {friend} came with a {thing.look} {thing} and a cake. {talk}
    {Hero} invited {helper} to dinner. There {food.was} some {food}, and there was a song at the end. {more}
    {Hero} swept the floor, washed the dishes and brought in the firewood. {more}
    A {animal.look} {animal} and {hero} became friends. [Wherever {he} went, it went too.|It slept at the foot of the bed.|It only listened to {him}.] {more}
    There was a {animal} that could talk. Its voice was [deep|thin|polite|like {sound}]. "{remark}" it said. {talk}
    {Hero} fed a {animal.look} {animal} with crumbs of bread. {more}
    A {animal} had hurt its leg. {Hero} wrapped it in {his} {garment} and stayed with it all night. {more}
    There was a rumor about {the.far}. [People said that it was haunted.|Nobody who went there came back.|Every week the story was different.] {talk}
    {Hero} counted the {things}. There were {number}. {He} counted again, and there were {number2}. {more}
    {Hero} had been warned, but {he} went in anyway. {more}
    Time passed. {Season} came, and then {season2}. {more}
    {Month} came, and the days grew [longer|shorter|colder|warmer]. {more}
    {Hero} learned a lot from {helper}: how to [whistle|cook|mend a roof|read the stars|bake bread|tell a good story|keep bees|swim], and how to [be quiet|be patient|lose a game|ask for help|wait]. {more}
    The more {hero} thought about it, the less {he} understood. {more}
    Instead of the {thing}, there was a {other.look} {other}. {talk} {more}
    {Hero} wanted to throw the {thing} away, but {friend} shook {friend.his} head. {exchange}
    The crowd was so thick that {hero} could not see anything except backs and hats. {more}
    {Friend} whispered the answer into {his} ear. {more}
    Both of them had the same thought. {talk}
    There was a quarrel between {helper} and a {trade} about [a fence|a debt|the price of {food}|a {other}|an old song|the right way to tie a knot]. [{Hero} stood between them and said, "{remark}"|Neither of them would listen.|In the end, both were ashamed.] {more}
  `),
  outdoors: lines(`
    {Time}, they {walked} to {the.place}. {Place.there}. {more}
    They {walked} for [a long time|an hour|many miles|the whole day|{few} days]. {more}
    {Hero} {walked} {way} {gait}. {more}
    {Hero} {walked} {way}. {Friend} {walked} behind {him}. {talk}
    {Time}, {it.weather}. [They hid {seat}.|{Friend} opened an umbrella.|{Hero} put on {his} {garment}.|They did not mind.] {more}
    {Sky} was {sky.look} {place.in}. {more}
    {Time}, a storm broke. Lightning flashed, thunder rolled, and the rain beat down. They took shelter {seat}. {more} {talk}
    They gathered wood and lit a fire. The flames leaped up, and sparks flew into the dark. {more} {talk}
    {Hero} watched the smoke rise straight into the air. {more}
    {Hero} planted a seed and watered it every day. After {number} weeks a green leaf came up. {more}
    {Hero} and {friend} raced to the [gate|bridge|old oak|end of the street|signpost]. [{Hero} won by a step.|{Friend} was faster.|They arrived at the same time.] {more} {talk}
    The kite rose higher and higher, until the string snapped. {more} {talk}
    {Helper} was waiting with a horse and cart. They climbed in, and the wheels began to turn. {more} {talk}
    The cart got stuck in the mud. They pushed, and the horse pulled. {more} {talk}
    Spring came. The ice melted, the streams ran again, and the first birds returned from the south. {more}
    It had not rained for {number} weeks. The well was dry, and the fields were brown. {talk} {more}
    There was a hole in the fence, just wide enough for {hero}. {more}
    {Hero} blew the horn {number} times. [The echo answered.|Far away, somebody blew back.|All the {animals} looked up.] {more}
    They met {number} soldiers on the road. {speech} {more}
    The sun went down, and the lights of {the.far} began to glow. {more}
    {Hero} looked up at the stars and tried to count them. {He} got as far as {number}. {talk}
    A shooting star crossed the sky. {Hero} wished for {wished}. {more}
  `),
  woods: lines(`
    They came to a place where the path divided. The left way was [narrow|wide|muddy|dark], and the right way was [steep|sunny|full of thorns|blocked by a tree]. {exchange} {more}
    {Hero} climbed a tree to look around. From the top {he} could see {the.far}. {more} {talk}
    A branch broke, and {hero} fell into the bushes. [Nothing was broken except {his} pride.|{His} {body} was bleeding a little.] {more}
    They followed the tracks. [They were the tracks of a {animal}.|They went in a circle.|They ended {seat}.|They were as big as plates.] {more}
    {Hero} picked mushrooms, and {friend} picked berries. Half of the berries never reached the basket. {more}
    They walked deeper and deeper, until the path was gone. {more} {talk}
    They lay in the grass and watched the clouds. One looked like a {animal}, another looked like a {thing}. {more}
    At the edge of {the.place} stood a hut with a light in the window. {Helper.a} opened the door. {exchange} {talk}
    A bird's nest had fallen down. {Hero} put it back, and the mother bird watched {him} from a branch. {more}
    The leaves turned [red|yellow|brown|golden] and fell, one after another. {more}
    {Hero} left a trail of pebbles, so that they could find their way back. {more}
    The wolf howled again, nearer this time. They ran {way}. {more}
  `),
  water: lines(`
    They crossed the river on a fallen tree. {Hero} did not look down. {more}
    The bridge had been washed away by the flood. {exchange} {more}
    {Hero} jumped into the water. It was so cold that {he} could not breathe. {more}
    {Hero} could not swim. {Friend} threw {him} a rope and pulled {him} ashore. {more} {talk}
    They rowed across the water, stroke after stroke. {Hero} dipped {his} {body} into the waves. {more}
    The boat rocked, and water poured in. [They emptied it with a hat.|{Friend} rowed as fast as {friend.he} could.|Slowly it sank.] {more}
    A bottle lay {spot}, and there was a message in it. "{remark} {remark}" {more}
    {Hero} caught a [small|huge|golden|strange] fish. "Let me go," said the fish, "and I will grant you a wish." {talk} {more}
  `),
  sea: lines(`
    They sailed for {few} days and saw nothing but water. {more} {talk}
    It was a mile to the shore. They rowed without a word, and the minutes passed. {more}
    A ship came into the harbor with [black|white|torn|red] sails. On its deck stood {helper.a}. {more} {talk}
    The tide went out and left [a ring of seaweed|a strange bottle|a row of shells|an old anchor] on the sand. {more}
    The fog came in from the sea until they could not see their own hands. [A bell rang far out on the water.|Somebody was calling.] {more}
    The fishermen came home with empty nets. {talk} {more}
    Every night the beam of the lighthouse swept over the waves. Tonight it was dark. {exchange} {more}
    They hoisted the sail and steered toward the north. [The harbor grew smaller and smaller behind them.|{Hero} was a little seasick.] {more}
  `),
  indoors: lines(`
    {Hero} opened the door {gait}. {Place.there}. {more}
    {Hero} {walked} {way} {gait}. {more}
    {Hero} looked out of the window. [It was {weather}.|Outside it was getting dark.|{Helper} was crossing the yard.|Drops of rain ran down the glass.] {more}
    {Hero} searched every drawer. In the last one was a {thing.look} {thing}. {talk} {more}
    Behind the curtain was a secret door. It led to {the.far}. {more} {talk}
    The candle went out. {more} {talk}
    A board creaked above their heads. {exchange} {more}
    {Hero} knocked {number} times. Nobody answered. {more}
    The clock struck {hour}. {more} {talk}
    The clock had stopped, and nobody knew what time it was. {Helper} opened it and took out a {other.look} {other}. {more}
    {Hero} sat by the stove and warmed {his} hands. Outside, the wind howled around the house. {more} {talk}
    {Hero} stirred the soup and burned {his} tongue. {talk}
    There was a leak in the roof. They put a bucket under it, then a pot, then a hat. {more}
    The key turned in the lock, but the door did not open. {more} {talk}
    {Hero} took an old book from the shelf and blew off the dust. On the first page was a drawing of a {thing}. {more} {talk}
    {Hero} read until late at night by the light of a lamp. {more}
    A picture hung on the wall: a {trade} with a {animal} on one arm. {more} {talk}
    Everything was covered with dust, except for the {thing}. {exchange} {more}
    {Hero} polished the {thing} until {he} could see {his} own face in it. {more}
    They were not allowed to make any noise. {Friend} sneezed. {more}
    {Hero} set the table for {number} guests, but only {helper} came. {exchange} {talk}
    The oven was too hot, and smoke filled the room. They opened all the windows. {more} {talk}
    There was a mouse behind the wall. It scratched and scratched. {more}
    {Hero} sewed a new button on {his} {garment}. {more}
    {Friend} lit the lamp, and their shadows danced on the wall. {more} {talk}
    The stairs went up and up. {Hero} counted {number} steps, then stopped. {more}
    {Hero} fell asleep in a chair, and when {he} woke, {it.late}. {more}
    A cold draft came from under the door. {exchange} {more}
  `),
  snow: lines(`
    Snow had fallen during the night. Everything was white and still. {Hero} left deep footprints behind {him}. {more}
    The ground was frozen, and their breath made little clouds. {more}
    {Hero} threw a snowball. It hit {helper} on the hat. {talk} {more}
    They built a snowman with a carrot nose and {number} buttons. {more} In the morning it had melted.
    Icicles hung from the roof like glass teeth. {Hero} broke one off and tasted it. {more}
    {Hero} pulled the sled up the hill. Then they slid down together, faster and faster. [The sled hit a bump, and they fell into the snow.|The wind roared in their ears.] {more}
    {Hero} skated across the ice. It cracked, but it held. {more} {talk}
    Snowflakes danced in front of the window. The whole world was white. {more} {talk}
    {Hero} shoveled a path from the door to the gate. When {he} was finished, the snow had covered it again. {talk}
    They were snowed in. There was firewood for {number} days, and bread for {number2}. {exchange} {more}
    {Hero} knitted a pair of mittens. One was bigger than the other. {talk}
    {Friend} slipped on the ice and slid all the way to {helper}. {talk} {more}
    They scattered crumbs for the birds, for the ground was hard and there was nothing else to eat. {more}
    It was so cold that the words froze in the air. {more}
    {Hero} pressed a warm coin against the window until there was a hole in the frost. Through it {he} saw {helper}. {more}
  `),
};

/** What looking for something is like. */
export const searches = lines(`
  {Hero} looked {spot}.
  {Hero} looked {spot}.
  {Friend} looked {spot}.
  It was not {spot}.
  It was not {spot}.
  They asked {helper}.
  There was only a {other.look} {other}.
  They looked everywhere.
  They looked everywhere, even {spot}.
  It was not there.
  It was not there either.
  It was nowhere to be found.
  {Hero} {did}.
  "Is it {spot}?" asked {friend}.
  "It must be {spot}," said {hero}.
  "It has to be somewhere," said {friend}.
  They searched until it was dark.
`);
