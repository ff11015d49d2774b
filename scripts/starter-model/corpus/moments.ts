/**
 * The small sentences between events. They are chosen nearly independently of one another, and some have hardly any
 * choice in them: that is what makes a model that learned them loop when it always takes the likeliest next word.
 * A group may be used only once its subject has appeared in the scene.
 */
import { lines } from './vocabulary.ts';

/** Who or what a sentence needs to have on the stage. */
export type Subject = 'anyone' | 'outdoors' | 'thing' | 'animal' | 'helper' | 'food';

export const moments: Record<Subject, string[]> = {
  anyone: lines(`
    {Hero} {did}.
    {Hero} {did}.
    {He} {did}.
    {He} {did}, and {friend} {did}.
    {Friend} {did}.
    {Friend} {did}.
    {Hero} felt {feeling}.
    {Hero} was {feeling}, but {friend} was {feeling}.
    {Place.there}.
    {Place.there}, and {place.there2}.
    {The.place} was {place.look} and {place.look2}.
    It was [quiet|cold|warm|dark|peaceful|lovely|strange|lonely] {place.in}.
    {Hero} looked {spot}.
    {He} looked {spot}, but there was nothing.
    They waited.
    They waited and waited.
    Nobody said a word.
    Nobody came.
    Nothing happened.
    All was quiet.
    It took a long time.
    They were very quiet.
    {Hero} did not know what to do.
    {He} did not know why.
    {He} thought about the {prize}.
    {Hero} wanted to {wish}.
    {Friend} wanted to {wish} instead.
    {Hero} wanted to {wish}, but it was too late.
    They could hear {sound}.
    Somewhere there was {sound}.
    {He} tried again.
    {He} tried again and again.
    {Hero} counted to {number}.
    {Friend} looked at {hero}, and {hero} looked at {friend}.
    {His} heart beat fast.
    {His} {body} hurt a little.
    {Friend} held {his} hand.
    {Hero} remembered what {his} {relative} always said.
    {He} thought of {his} {relative}.
    There was nobody {seat}.
    {Hero} [began|tried|had|refused|hoped|decided|was ready|was able|did not dare|wanted] to {action}.
    {Hero} [began|tried|had|refused|hoped|decided|was ready|was able|did not dare|wanted] to {action}.
    {Hero} [began|tried|had|refused|hoped|decided|was ready|was able|did not dare|wanted] to {action}.
    {Friend} [began|tried|had|hoped|decided|was not able|knew how|was too tired] to {action}.
    [Should|Could|Would|Might] {he} {action}?
    {He} drew a {noun} with one finger.
    {Friend} dreamed of a {noun}.
    It looked like a {noun}.
    It was as {quality} as a {noun}.
    The moon shone, and the windows shone too.
    Tomorrow, perhaps, it would be easier.
    Afterward, they felt [better|worse|the same].
    {Hero} badly wanted some {food}.
    {Friend} [simply|barely|merely|truly|nonetheless|actually] {did}.
    {He} knew it precisely.
    Possibly it was not on purpose.
    Nobody argued.
    Nobody remarked on it.
    {Hero} admitted it properly, and that was a relief.
    There was, generally speaking, nothing to be done.
    {He} cheered wildly.
    {Friend} answered weakly.
    The door was [thirteen|fifteen|sixteen|sixty|seventy|eighty|ninety] steps away.
    In spite of everything, they kept their dignity.
    Otherwise it was an ordinary {day}.
    It did not bother {hero}.
    {Hero} went on regardless.
    Someday it would all make sense.
    It was none of their business, of course.
    {He} looked closely, and then {he} looked again.
    They missed it by the width of a hair.
    It was an old custom.
    It was the event of the year.
    Everything was in order.
    There was enough space for everyone.
    {Friend} was in the best of health.
    They already knew the answer.
    {Hero} would have stayed there forever.
    Probably nobody would notice.
    {Friend} got home safely, as always.
    It was only a matter of [time|minutes|luck|nerve|habit|taste|weight|duty].
    The rule was simple, and so was the reason.
    {He} could easily do without {mass}.
    It happens every [year|day|week|season].
    {Hero} swore softly.
    They went no further.
    Both of them also had an excuse.
    {Friend} burst out laughing.
    {His} mood was getting better.
    Not until {season} did they speak of it again.
    {Hero} was {activity}.
    {Friend} was {activity}.
    Somebody was {activity}.
    {He} spent the [day|night|hour|morning|evening] {activity}.
    {Hero} kept {activity}.
    It had been {fate}.
    It had been {fate}, or so they claimed.
    There were {crowd} everywhere.
    {He} thought of {crowd} and {crowd2}.
    {Friend} told {him} about {crowd}.
    It was the {extreme} one of all.
    {Friend} was the {extreme} one.
    It was getting {change}.
    Everyone laughed, including {friend}.
    It was [still|not] raining.
    {Hero} liked it very much.
    For the time being, that was enough.
    A minute passed, and then another.
    There was not a mile left to go.
    {He} dried {his} clothes by the fire.
    {Friend} blew on the soup.
    {Friend} was about the same age.
    The others were the lucky ones.
    {Hero} was hardly touching the ground.
    Everything was melting.
    On such evenings nobody likes to be alone.
    They divided it into two halves.
    The whole class was waiting.
    {Friend} was hard of hearing that day.
    Everybody knows somebody who {habit}.
    Was it a {noun}? It seemed to be one.
    There was a lot of {mass}.
    There was neither {mass} nor {mass2}.
    {He} had never been fond of {mass}.
    That was {quality}, and {he} knew it.
    It did not seem {quality} to {him}, however.
    Everything seemed {quality} to {friend}.
    {Hero} blamed {himself}.
    {Friend} had done it all by {friend.himself}.
    Sometimes one has to wait.
    Something had happened there since {since}.
    They kept the rest for themselves.
    Several people turned around.
    Though {he} was [sad|tired|afraid|furious|worried|cold|nervous], {he} smiled.
    They had never been so {feeling} before.
    It was not the {ordinal} time.
    {He} shut the door behind {him} and took a deep breath.
    Everything was as it had always been.
    Everyone was asleep, except {hero} and {friend}.
    Nothing could be seen {seat}.
    {Hero} took off {his} {garment}.
    {Hero} was not sure, yet {he} went on.
    {He} could hardly believe it.
    Neither {hero} nor {friend} moved.
    Perhaps it was only a dream.
    Somehow it was easier than before.
    Still, something was wrong.
  `),
  outdoors: lines(`
    {Sky} was {sky.look}.
    {Sky} was {sky.look}, but {hero} did not mind.
    {Time}, {sky} was {sky.look}.
    It was a {weather} day.
    It began to rain.
    The wind blew through the trees.
    {Hero} and {friend} walked and walked.
    They walked for {few} hours without a rest.
    The sun was shining.
    The road was long.
    A cloud moved over the sun.
    A leaf fell on {his} {body}.
    The stars came out, one by one.
    The shadows grew longer.
    The air smelled of rain.
    {Hero} put up the collar of {his} coat.
  `),
  thing: lines(`
    The {thing} was {thing.look}.
    The {thing} was {thing.look} and {thing.look2}.
    What a {thing.look} {thing} it was!
    {Hero} {thing.use} the {thing}.
    {He} {thing.use} the {thing} {gait}.
    {Friend} {thing.use} the {thing}.
    {Hero} {looked} the {thing}.
    {Friend} {looked} the {thing}.
    {Hero} put the {thing} {spot}.
    The {thing} lay {spot}.
    Next to the {thing} was a {other.look} {other}.
    It was not a {other}, it was a {thing}.
    The {thing} belonged to {his} {relative}.
    Nobody touched the {thing}.
    {He} held the {thing} in both hands.
    The {thing} was made of {material}.
    {Friend} had a {thing} too.
    {Hero} had never owned such a {thing.look} {thing}.
    The {thing} was worth more than a {other}.
  `),
  animal: lines(`
    The {animal} {animal.act}.
    The {animal} {animal.act}.
    The {animal} {animal.act} and {animal.act2}.
    It was a very {animal.look} {animal}.
    {Hero} {looked} the {animal}.
    The {animal} looked at {hero}.
    The {animal} did not move.
    The {animal} came closer.
    The {animal} followed them.
    {Friend} stroked the {animal} [gently|carefully|again].
    The {animal} was hungry.
    Another {animal} {animal.act}.
    There were {number} {animals} {seat}.
    The {animal} was not afraid of {friend}.
  `),
  helper: lines(`
    {Helper} {did}.
    {Helper} {did}.
    {Helper} {looked} {hero}.
    {Hero} {looked} {helper}.
    {Helper} was {feeling}.
    {Helper} {helper.work}.
    {Helper} shook {helper.his} head.
    {Helper} was a {helper.look} {helper.kind}.
    They waited for {helper}.
    {Helper} wore a {color} {garment}.
    {Helper} was older than {helper.he} looked.
    {Friend} whispered something to {helper}.
  `),
  food: lines(`
    {Food.the} {food.was} {food.look}.
    {Hero} ate some {food}.
    {Friend} ate the rest of {food.the}.
    {Hero} smelled {food.the}.
    There {food.was} still some {food} left.
    {Food.the} tasted like {season}.
    {Friend} shared {food.the} with {hero}.
  `),
};
