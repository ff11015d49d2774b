/** The small change of the stories: phrases that templates draw on, and what each season brings. */
import { actions } from './actions.ts';
import { deeds, looks, walks, wishes } from './deeds.ts';
import * as forms from './forms.ts';
import * as vocabulary from './vocabulary.ts';

const { lines, words } = vocabulary;

export const smallWords = {
  near: words('near, not far from, close to'),
  few: words('two, three, four, five, six, seven'),
  ordinal: words('first, second, third, fourth, fifth'),
  hour: words(
    `one o'clock, two o'clock, three o'clock, four o'clock, five o'clock, six o'clock, seven o'clock, eight o'clock,
    nine o'clock, ten o'clock, eleven o'clock, noon, midnight, half past three, half past seven`,
  ),
  /** Things that one makes by hand. */
  crafts: words(
    'lantern, kite, drum, flute, ladder, box, boat, sled, wagon, chair, toy horse, paper bird, broom, basket, statue, puzzle',
  ),
  trades: words(
    `farmer, baker, miller, teacher, sailor, doctor, painter, gardener, tailor, shepherd, carpenter, cook, librarian,
    blacksmith, captain, clockmaker, potter, nurse, musician, juggler, beekeeper, weaver, knight, merchant, hunter,
    poet, inventor, woodcutter, lighthouse keeper, pirate, wizard, scholar, dancer, writer, shoemaker`,
  ),
  skill: words(
    'swim, whistle, read, dance, cook, ride a horse, draw, play the {instrument}, tell stories, sing, bake, climb',
  ),
  wished: words(
    'a friend, rain, more time, courage, a {thing}, nothing at all, good luck, a quiet night, peace',
  ),
  since: words('yesterday, last week, the day before, this morning, Christmas, Easter'),
  late: words(
    'it was morning, it was already dark, the fire was out, {friend} was gone, everything had changed',
  ),
  /** Ways of moving one's body or hands. */
  gait: words(
    'slowly, quickly, quietly, softly, carefully, eagerly, nervously, as fast as possible, step by step, with care, at once, without a sound, again',
  ),
  later: words(
    `After lunch, Later, Soon, After a while, The next day, That evening, An hour later, Two days later, The next morning,
    After the rain, Finally, After breakfast, Early the next morning, A month later, The following day, At sunrise`,
  ),
  /** What one may dream of, draw, or see in a cloud. */
  nouns: words(
    `bee, bone, bubble, bundle, cabin, cage, card, army, creek, cushion, daughter, elder, enemy,
    face, family, flag, flame, forehead, ghost, gift, grain of sand, guest, hill, hook, icicle,
    jaw, lady, lane, lesson, loaf of bread, mask, master, meal, ox, pail, pan, parade, passenger,
    patch, paw, pen, pilot, pistol, plate, plow, porch, post, present, pupil, rail, rod, rug, saddle, saucer, screen,
    shape, sheet, signal, skirt, slice of bread, son, sparrow, spoon, spot, staff, stocking, student, sword, tale,
    tear, thorn, tin soldier, tire, tool, towel, trap, truck, weapon, whale, wing, wire, wizard's hat, worm,
    angel, arch, arrow, balloon, bandit, beggar, bird, blossom, bow, bull, calf, canal, candlestick, cape, carriage, claw,
    collar, cork, corner, dam, dress, eagle, elephant, fairy, fan, farmhouse, feast, fin, flock of sheep, fort, fossil,
    giant, globe, heart, hoof, hut, island, judge, ladle, lid, lion, lock, log, moth, mule, mustache, oven, palace, paddle,
    path, peach, pearl, pebble, pirate, pit, planet, plum tree, purse, puddle, raft, riddle, ribbon, roof, room, rose, sail,
    scale, shadow, shark, shelf, skeleton, slipper, smile, snake, spark, spring, stag, stool, street, swing, tent, tiger,
    toad, tower, trumpet, tunnel, vase, wasp, wave, well, whirlpool, windmill, witch, wooden leg, zebra, basin, belly,
    block, cheek, coast, engine, flash of light, herd of cows,     group of men, mill, park, pet, pillow fight, potato, shower of rain, song, sort of map,
    spirit, storm, victory, wish, ditch, affair of honor, aisle, ash tree, barge, bat,
    beech, birch, boot, brake, buoy, butterfly net, case, catalog, chapter, chestnut, clerk, craftsman, den, disguise, dot,
    duke, elm, entrance, fawn, fiddler, frame, hare, handkerchief, heron, herring, hedge, kingdom, lap dog, lump of sugar,
    marsh, mason, merchant, mushroom, neighborhood, peg, plank, postcard, potion, powder box, pump, rib, sandwich,
    sausage, sentence, shoebox, spruce, slot, slit in the wall, tablecloth, thrush, tin can, tobacco box, twig, visitor, volume,
    widow, woodpecker, woodpile, wreck, wren, ballroom, beet, cab, canary, car, carp, cash box, chauffeur, coward, curve, diver,
    fern, fortune, gatepost, gentleman, gleam of light, handful of snow, helmet, innkeeper, loop, milkman, napkin, nightshirt,
    nun, opinion, perch, priest, pyramid, rattle, reindeer, rocket, schoolteacher, seller of nuts, skater, sleigh, sock, speller,
    stripe, talker, torch, treaty, trombone, waltz, sea lion, merry-go-round, puppet, cannon, palm, kitten, stable, doormat,
    helper, grade, conductor, stag, bench`,
  ),
  masses: words(
    `coal, coffee, dirt, fur, rubber, silk, sorrow, stuff, tar, ice, moss, ink, rust, smoke, sunlight, rain, luck,
    love, doubt, honor, joy, patience, darkness, copper, tin, wax,
    grease, lace, clay, dew, furniture, grief, homework, jewelry, mercy, pepper, sand, laundry, humor, slush, scenery, lamplight, powder, tobacco, flour, dignity, whiteness, responsibility, daylight, cheer`,
  ),
  /** What something may be said to be. */
  qualities: words(
    `certain, cheap, cool, dangerous, easy, fine, false, familiar, holy, mad, nice, odd, proper, pure, sour,
    special, swift, tame, ugly, real, rotten, royal, shallow, sharp, smart, unhappy, important,
    impossible, possible, difficult, different, favorable, final, foolish, good, bad, great, dull, safe, sure, clear, true,
    worse, better, alive, dead, done, finished, forbidden, forgotten, ready, rude, unfair, unusual, useless,
    wonderful, worth it, faint, fat, bitter, crazy, fresh, hollow, humble, innocent, invisible, loose,
    magical, modest, natural, perfect, pleasant, raw, ripe, rare, risky, splendid, tender, vain, visible, weak`,
  ),
  asked: words('asked, asked, asked, asked, whispered, cried'),
  said: words('said, said, said, said, said, answered, replied, whispered, muttered, laughed'),
  speakers: lines(`
    said {hero}
    said {friend}
    said {hero} {manner}
    said {friend} {manner}
    {he} said {manner}
    cried {friend}
    shouted {hero}
    whispered {friend}
    called {hero}
    repeated {friend}
    added {hero}
    insisted {friend}
    admitted {hero}
    begged {hero}
    sighed {friend}
  `),
  arrivals: lines(`
    {Later}, they {walked} to {the.place}.
    {Later}, they were {place.in}.
    {Later}, they went to {the.place} together. {Place.there}.
    {Hero} decided to go to {the.place}. {Friend} went along.
    They left early and arrived before noon. {The.place} was {place.look}.
    It was [quiet|cold|warm|peaceful|lovely|strange|lonely] {place.in}.
    They had not planned to go to {the.place}, but there they were.
  `),
};

interface SeasonWords {
  months: string[];
  weathers: string[];
  /** How the weather may turn: "it began to snow". */
  changes: string[];
}

const anyWeather = 'rainy, windy, cloudy, foggy, stormy, gray, bright, quiet, clear, lovely, ordinary, misty';
const anyChange =
  'it grew dark, it got very cold, it became windy, it started to rain, the fog came in, it cleared up';

export const seasonNames = ['spring', 'summer', 'autumn', 'winter'] as const;
export type Season = (typeof seasonNames)[number];

export const yearly: Record<Season, SeasonWords> = {
  spring: {
    months: words('March, April, May'),
    weathers: words(`${anyWeather}, mild, sunny, damp, chilly`),
    changes: words(`${anyChange}, it began to drizzle, the sun came out`),
  },
  summer: {
    months: words('June, July, August'),
    weathers: words(`${anyWeather}, hot, sunny, warm, dry`),
    changes: words(`${anyChange}, it got hot, it thundered`),
  },
  autumn: {
    months: words('September, October, November'),
    weathers: words(`${anyWeather}, cold, damp, chilly, golden`),
    changes: words(`${anyChange}, the leaves began to fall, it began to hail`),
  },
  winter: {
    months: words('December, January, February'),
    weathers: words(`${anyWeather}, cold, snowy, frosty, icy`),
    changes: words(`${anyChange}, it began to snow, it froze, it snowed harder`),
  },
};

/** The slots that anything of a list may fill. */
export const freeWords: Record<string, readonly string[]> = {
  feeling: vocabulary.feelings,
  manner: vocabulary.manners,
  color: vocabulary.colors,
  number: vocabulary.numbers,
  day: vocabulary.days,
  season: vocabulary.seasons,
  sound: vocabulary.sounds,
  body: vocabulary.bodyParts,
  garment: vocabulary.clothes,
  instrument: vocabulary.instruments,
  material: vocabulary.materials,
  time: vocabulary.times,
  character: vocabulary.characters,
  did: deeds,
  looked: looks,
  walked: walks,
  wish: wishes,
  action: actions,
  activity: forms.activities,
  habit: forms.habits,
  fate: forms.fates,
  crowd: forms.crowds,
  extreme: forms.extremes,
  change: forms.changes,
  noun: smallWords.nouns,
  mass: smallWords.masses,
  quality: smallWords.qualities,
  ...smallWords,
};
