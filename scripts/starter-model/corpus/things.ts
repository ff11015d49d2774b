/**
 * Who and what can appear in a story. Every noun brings along the adjectives and verbs that suit it, so that a template
 * can write "the {thing.look} {thing}" without ever making water out of wood.
 * A line reads `name: field: field`, and the items of a field are parted by commas.
 */
import { lines, words } from './vocabulary.ts';

export interface Thing {
  name: string;
  /** Adjectives that suit it. */
  looks: string[];
  /** What one does with it, in the past tense: "flew" (the kite). */
  uses: string[];
}

export interface Animal {
  name: string;
  looks: string[];
  /** What it does by itself, in the past tense: "wagged its tail". */
  acts: string[];
}

export interface Food {
  name: string;
  looks: string[];
  /** "beans" are many, "bread" is one. */
  many: boolean;
}

export interface Role {
  name: string;
  /** 'he' or 'she' where the word itself says so. */
  gender: 'he' | 'she' | undefined;
  /** What one sees this person doing: "was kneading dough". */
  work: string;
}

function fields(block: string): string[][] {
  return lines(block).map((line) => line.split(':').map((field) => field.trim()));
}

export const things: Thing[] = fields(`
  lantern: old, bright, rusty, broken, little: lit, lifted, polished, carried, blew out, hung up
  key: rusty, tiny, heavy, silver, bent: turned, found, hid, dropped, polished, kept
  map: old, torn, strange, secret, faded, useless: unfolded, studied, folded, read, drew, pointed at
  rope: long, thick, strong, wet, short: pulled, tied, let go of, cut, threw, coiled
  basket: big, round, empty, heavy, woven, light: filled, emptied, carried, dropped, lifted, put down
  kite: red, blue, striped, torn, yellow: flew, mended, held, chased, made, let go of
  drum: loud, round, small, red, wooden: beat, played, tapped, carried, borrowed, painted
  flute: silver, old, small, lovely, plain: played, cleaned, lost, listened to, held, put away
  bell: golden, tiny, loud, cracked, silent: rang, shook, polished, listened to, hung up, touched
  book: old, thick, dusty, new, heavy, wonderful: read, opened, closed, borrowed, finished, put away
  letter: long, secret, short, folded, yellow, sad: read, wrote, opened, burned, sent, tore up
  coin: shiny, golden, old, strange, tiny: counted, saved, spent, flipped, lost, dropped
  button: round, blue, shiny, loose, tiny: sewed on, lost, found, counted, pulled off, kept
  ring: golden, thin, plain, precious: wore, lost, took off, polished, hid, put on
  hat: tall, funny, black, crooked, enormous: put on, took off, wore, lost, chased, borrowed
  scarf: long, warm, woolen, striped, soft, red: knitted, wore, wrapped, washed, folded, borrowed
  blanket: warm, soft, thick, gray, patched, woolen: folded, shook, spread out, shared, washed, unrolled
  cup: blue, broken, clean, cracked, empty: filled, washed, emptied, broke, lifted, put down
  spoon: wooden, old, big, bent, long: licked, washed, dropped, stole, stirred with, carved
  bowl: round, empty, deep, full, white: filled, washed, broke, licked clean, carried, put down
  pot: heavy, black, empty, hot, huge: stirred, filled, scrubbed, lifted, emptied, tapped
  knife: sharp, small, old, dull, plain: sharpened, cleaned, held, borrowed, put away, hid
  hammer: heavy, old, small, useful: lifted, swung, borrowed, dropped, held, put away
  ladder: tall, old, wooden, shaky, long: climbed, carried, leaned on, held, mended, borrowed
  bucket: heavy, empty, full, leaky, wooden: filled, emptied, carried, kicked over, dropped, lifted
  broom: old, long, worn, new, simple: held, hid, leaned on, borrowed, swept with, looked for
  candle: white, thin, tall, short, bright, burning: lit, blew out, held, carried, watched, saved
  mirror: round, dusty, cracked, tall, silver, magic: cleaned, looked into, broke, turned around, covered, hung up
  clock: old, slow, loud, tall, broken, ticking: fixed, wound, listened to, stopped, cleaned, watched
  box: small, locked, square, empty, wooden, painted: opened, closed, shook, carried, hid, tied up
  chest: heavy, locked, old, wooden, enormous, empty: opened, closed, pushed, dragged, unlocked, sat on
  bag: heavy, empty, old, full, brown: opened, emptied, packed, carried, dropped, sewed
  ball: red, round, bouncing, blue, soft, little: kicked, threw, caught, rolled, dropped, chased
  doll: pretty, little, old, wooden, smiling: hugged, dressed, washed, dropped, mended, carried
  puzzle: hard, easy, clever, wooden, unfinished: solved, finished, began, took apart, gave up on, studied
  whistle: loud, silver, tiny, shrill: blew, polished, lost, hid, borrowed, tested
  umbrella: big, black, green, broken, striped: opened, closed, held, turned over, lost, shared
  boat: small, green, leaky, painted, old, narrow: rowed, tied up, pushed, painted, pulled ashore, steered
  sled: fast, wooden, red, old, long: pulled, pushed, painted, steered, dragged uphill, fixed
  wagon: old, slow, wooden, creaking, empty: pulled, pushed, loaded, unloaded, fixed, climbed into
  wheel: round, broken, heavy, muddy, wooden: turned, fixed, rolled, pushed, greased, carried
  stone: smooth, gray, round, heavy, flat, strange: kicked, lifted, threw, turned over, kept, rolled away
  shell: pink, white, smooth, empty, curved, broken: picked up, listened to, kept, washed, gave away, found
  feather: white, gray, soft, light, long, golden: caught, dropped, kept, blew on, picked up, found
  stick: long, crooked, dry, short, straight: threw, broke, carried, carved, waved, leaned on
  seed: tiny, brown, hard, strange, black: planted, watered, kept, counted, dropped, buried
  flower: yellow, wild, white, lovely, blue, sweet: picked, watered, smelled, planted, painted, gave away
  pumpkin: big, round, orange, heavy, enormous: rolled, carved, lifted, weighed, cut open, carried
  jar: small, empty, round, sealed: opened, filled, broke, shook, closed, hid
  bottle: green, empty, dusty, blue, sealed: opened, filled, threw, washed, emptied, shook
  compass: old, small, broken, useful: held, opened, trusted, followed, tapped, lost
  telescope: long, old, dusty, powerful: looked through, cleaned, turned, fixed, unfolded, borrowed
  pencil: short, sharp, blue, new, broken: sharpened, borrowed, dropped, chewed, broke, lost
  brush: soft, old, wide, wet, thin: cleaned, dipped, washed, dropped, dried, held
  picture: small, strange, lovely, faded, framed: painted, hung up, looked at, drew, admired, turned around
  needle: sharp, thin, long, tiny, silver: held, lost, threaded, dropped, found, hid
  pillow: soft, white, round, flat, old: shook, threw, hugged, hid, sewed, turned over
  chair: old, wooden, tall, broken, comfortable: moved, fixed, painted, carried, sat on, knocked over
  ribbon: red, long, pretty, blue: tied, cut, wore, unrolled, lost, untied
  glove: warm, gray, lost, old: put on, lost, dropped, knitted, wore, shook
  crown: golden, heavy, bright, crooked: wore, polished, hid, took off, put on, stole
  statue: tall, cold, old, silent: touched, cleaned, stared at, walked around, painted, covered
  toy horse: wooden, little, painted, old: rode, pushed, fixed, painted, hugged, carved
  paper bird: white, tiny, folded, light: folded, unfolded, blew on, threw, painted, made
  music box: little, broken, silver, old: opened, wound, listened to, fixed, closed, hid
  fishing net: long, torn, wet, heavy, old: mended, threw, pulled, dried, untangled, dragged
  pair of boots: heavy, muddy, new, warm, old, tall: cleaned, put on, took off, wore, dried, borrowed
  shovel: long, rusty, strong, heavy: lifted, borrowed, leaned on, carried, dropped, held
  axe: sharp, heavy, old, dull: swung, sharpened, carried, hid, borrowed, put down
  oar: long, broken, wet, heavy: pulled, dropped, lifted, lost, carved, held
  mitten: red, wet, warm, woolen, lost: knitted, dried, lost, found, put on, pulled off
  lamp: little, bright, green, dim: lit, cleaned, held, turned down, blew out, fixed
  teapot: blue, cracked, round, hot: filled, washed, emptied, lifted, broke, painted
  newspaper: old, wet, folded, yellow: read, folded, unfolded, threw away, held, tore up
  suitcase: brown, heavy, small, battered: packed, opened, closed, carried, lost, unpacked
  bicycle: old, green, rusty, fast, new: rode, fixed, pushed, painted, borrowed, leaned on
`).map(([name = '', looks = '', uses = '']) => ({ name, looks: words(looks), uses: words(uses) }));

export const animals: Animal[] = fields(`
  cat: gray, black, sleepy, proud, fat, thin: purred, stretched, licked its paw, slept, yawned, arched its back
  dog: brown, friendly, loyal, old, hungry, spotted: barked, wagged its tail, dug a hole, sniffed the ground, ran in circles
  fox: red, clever, quick, sly, hungry, young: grinned, slipped away, crept closer, flicked its tail, listened
  rabbit: white, shy, quick, brown, small: hopped away, twitched its nose, sat very still, dug a hole, nibbled the grass
  mouse: tiny, gray, brave, nervous, hungry: squeaked, ran up the wall, washed its whiskers, hid, looked for crumbs
  owl: wise, old, white, silent, great: blinked, turned its head, flew away without a sound, hooted, closed one eye
  bear: big, brown, sleepy, clumsy, hungry: growled, scratched its back, yawned, stood up, sat down with a thump
  duck: white, noisy, little, plump: quacked, swam in circles, shook its feathers, splashed, dived
  goose: gray, angry, loud, proud: hissed, honked, stretched its neck, chased everyone, beat its wings
  horse: brown, tall, strong, white, patient: stamped its foot, shook its head, ate some hay, galloped away, snorted
  pony: small, shaggy, stubborn, brown: trotted along, refused to move, shook its head, ate an apple, snorted
  goat: stubborn, white, old, hungry, bearded: chewed on a rope, climbed on the wall, butted the gate, stared at them
  sheep: woolly, white, slow, lost: ate the grass, stood in the rain, followed the others, bleated, stared
  pig: pink, muddy, fat, happy, clever: rolled in the mud, grunted, slept in the sun, sniffed the ground
  cow: spotted, slow, brown, gentle: chewed, mooed, swished its tail, looked over the fence
  hen: brown, plump, fussy, white: clucked, laid an egg, scratched the ground, ran across the yard, sat on its nest
  rooster: proud, loud, red, bossy: crowed, stood on the fence, flapped its wings, strutted across the yard
  frog: green, fat, cheerful, wet, tiny: croaked, jumped into the water, sat on a leaf, puffed up, caught a fly
  turtle: old, slow, wise, green: pulled in its head, walked on, blinked slowly, slept in the sun, swam away
  squirrel: red, quick, greedy, busy: ran up a tree, hid a nut, chattered, dropped an acorn, waved its tail
  hedgehog: prickly, shy, round, little: rolled into a ball, sniffed, snored, trotted along, sneezed
  badger: striped, grumpy, old, shy: dug a hole, grunted, shuffled away, came out of the ground, sniffed the air
  deer: shy, brown, graceful, silent: lifted its head, leaped over a log, stood very still, listened, vanished
  wolf: gray, lonely, wild, thin, old: howled, showed its teeth, ran on, watched from far away, circled them
  crow: black, clever, noisy, old: cawed, flapped its wings, stole something shiny, sat on the roof, flew off
  sparrow: small, brown, cheerful, cold: chirped, hopped closer, pecked at the crumbs, flew off, built a nest
  robin: tiny, round, bold, cheerful: sang, hopped closer, puffed up its feathers, tilted its head, flew off
  otter: playful, wet, sleek, brown: dived, floated on its back, slid down the bank, cracked open a shell
  beaver: busy, brown, tired, wet: slapped its tail, cut down a tree, carried a stick, built a dam
  donkey: gray, stubborn, tired, patient: brayed, refused to move, kicked, ate a thistle, twitched its ears
  kitten: tiny, lost, playful, striped: meowed, chased a leaf, fell asleep, played with a string, purred
  puppy: little, clumsy, brown, wet: yelped, chewed on a shoe, ran in circles, fell over its own feet, slept
  swan: white, proud, graceful, silent: glided past, stretched its neck, hissed, spread its wings
  snail: tiny, slow, brown, wet: crawled on, pulled in its horns, slept, left a silver trail
  beetle: shiny, black, green, tiny: crawled under a leaf, flew away, fell on its back, ran on
  lizard: green, quick, little, striped: ran up the wall, lay in the sun, lost its tail, vanished
  parrot: green, red, rude, clever: laughed, told a joke, screeched, cracked a nut, flapped its wings
  monkey: cheeky, small, quick, brown: laughed, swung from a branch, stole a hat, pulled a face
  gull: white, hungry, loud, greedy: screamed, stole a fish, landed on a post, circled above them, glided past
  seal: gray, round, curious, fat: barked, dived, lay on the rocks, looked at them with round eyes
  crab: red, small, cross, quick: walked sideways, hid under a stone, pinched a toe, snapped its claws
  spider: black, patient, tiny, busy: waited, spun a web, ran into the corner, hung from a thread
  raven: black, wise, old, solemn: croaked, shook its feathers, watched them, landed on a branch
  camel: tall, grumpy, tired, thirsty: spat, knelt down, walked on, refused to move
  dragon: small, green, old, sleepy, shy: breathed a little smoke, snored, spread its wings, lit the candle
`).map(([name = '', looks = '', acts = '']) => ({ name, looks: words(looks), acts: words(acts) }));

function foodLines(block: string, many: boolean): Food[] {
  return fields(block).map(([name = '', looks = '']) => ({ name, looks: words(looks), many }));
}

export const foods: Food[] = [
  ...foodLines(
    `bread: warm, fresh, dry, crusty
    soup: hot, thick, salty, cold
    cake: sweet, soft, warm, delicious
    honey: sweet, golden, sticky, wild
    cheese: old, yellow, smelly, good
    milk: cold, warm, fresh, sour
    pie: hot, sweet, delicious, burned
    jam: sweet, red, sticky, homemade
    tea: hot, strong, bitter, sweet
    porridge: hot, thick, lumpy, plain
    butter: fresh, yellow, soft, salty
    rice: white, plain, hot, cold
    stew: hot, thick, spicy, good
    toast: warm, burned, crisp, dry
    chocolate: dark, sweet, hot, bitter
    cream: sweet, thick, cold, fresh
    gingerbread: sweet, spicy, hard, fresh
    fish: fried, salty, fresh, smoked`,
    false,
  ),
  ...foodLines(
    `apples: red, sour, sweet, crisp
    pears: ripe, soft, sweet, juicy
    berries: wild, sweet, blue, ripe
    nuts: crunchy, hard, roasted, salty
    cookies: warm, sweet, crunchy, burned
    carrots: fresh, crunchy, sweet, raw
    beans: hot, salty, plain, green
    eggs: boiled, fried, fresh, brown
    noodles: long, hot, plain, soft
    plums: ripe, purple, sweet, juicy
    grapes: sweet, sour, ripe, cold
    cherries: sweet, dark, sour, ripe
    pancakes: hot, thin, sweet, perfect
    potatoes: hot, boiled, plain, salty
    chestnuts: hot, roasted, sweet, brown
    peas: green, sweet, fresh, hard
    onions: raw, strong, fried, boiled
    mushrooms: fried, wild, good, fresh
    oranges: sweet, juicy, ripe, sour
    lemons: sour, yellow, bitter, fresh
    sandwiches: dry, fresh, thick, good`,
    true,
  ),
];

export const roles: Role[] = fields(`
  farmer: : was loading hay onto a cart
  baker: : was kneading dough
  miller: : was filling a sack with flour
  teacher: : was writing on the blackboard
  sailor: : was tying a knot
  doctor: : was washing both hands
  painter: : was mixing blue and yellow
  gardener: : was pulling up weeds
  tailor: : was sewing on a button
  shepherd: : was counting the sheep
  fisherman: he: was mending a torn net
  carpenter: : was sawing a board in half
  cook: : was tasting the soup
  librarian: : was putting books back on the shelf
  blacksmith: : was hammering a piece of hot iron
  postman: he: was sorting the letters
  king: he: was yawning on the throne
  queen: she: was writing a long letter
  captain: : was looking at a map
  clockmaker: : was winding a tiny clock
  potter: : was turning a bowl on the wheel
  neighbor: : was sweeping the steps
  nurse: : was rolling up a bandage
  soldier: : was polishing a pair of boots
  musician: : was tuning a violin
  juggler: : was tossing five oranges into the air
  beekeeper: : was smoking out the bees
  ferryman: he: was pulling on the rope
  weaver: : was weaving a blue cloth
  knight: : was looking for a lost sword
  guard: : was leaning on a spear
  merchant: : was counting coins
  hunter: : was following some tracks
  poet: : was looking for a word
  inventor: : was building a strange machine
  woodcutter: : was chopping a log
  lighthouse keeper: : was cleaning the great lamp
  mayor: : was making a long speech
  thief: : was hiding something under a coat
  stranger: : was asking for the way
  old woman: she: was knitting a sock
  old man: he: was feeding the birds
  princess: she: was picking flowers
  prince: he: was fighting a bush with a stick
  wizard: he: was looking for his glasses
  witch: she: was stirring a pot
  pirate: : was digging a hole
  chimney sweep: : was climbing down from the roof
  nobleman: he: was complaining about the weather
  servant: : was carrying two buckets of water
  scholar: : was reading three books at once
`).map(([name = '', gender = '', work = '']) => ({
  name,
  gender: gender === 'he' || gender === 'she' ? gender : undefined,
  work,
}));

const irregularPlurals: Record<string, string> = {
  mouse: 'mice',
  goose: 'geese',
  sheep: 'sheep',
  deer: 'deer',
  wolf: 'wolves',
  knife: 'knives',
  thief: 'thieves',
  'pair of boots': 'pairs of boots',
};

/** The plural of a noun in this vocabulary. */
export function plural(noun: string): string {
  const irregular = irregularPlurals[noun];
  if (irregular !== undefined) return irregular;
  if (/(x|ch|sh|ss)$/.test(noun)) return `${noun}es`;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return `${noun}s`;
}
