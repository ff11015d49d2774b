/**
 * Phrases for the forms that words take in grown-up storytelling: going on (-ing), what is always so (-s), what has been
 * done (-ed, -en), many, and most. A few templates in moments.ts and dialogue.ts use them.
 */
import { lines, words } from './vocabulary.ts';

/** Follows "was", or stands after a comma. */
export const activities = lines(`
  asking around
  baking bread
  behaving badly
  blinking
  blowing soap bubbles
  bowing to everyone
  building a castle
  carrying water
  chewing on a pencil
  chopping wood
  clearing the table
  climbing the stairs
  considering the matter
  crying
  dancing alone
  diving for coins
  dreaming of the south
  drinking cocoa
  driving too fast
  drying the dishes
  ducking under the branches
  eating a sandwich
  explaining the rules
  falling asleep
  feeling the wall
  fighting with a tablecloth
  flying home
  following the tracks
  gathering wood
  getting up
  growing a beard
  handing out apples
  hanging up the laundry
  hiding behind the woodpile
  holding a lantern
  hoping for rain
  howling at the moon
  hurrying home
  joking
  keeping time
  knitting socks
  leaning over the rail
  learning to swim
  listening at the door
  living in a tent
  looking for something
  losing the game
  lying on the floor
  making a list
  moving chairs
  opening presents
  painting the gatepost
  passing the plates
  picking pears
  playing chess
  pointing at the ceiling
  printing a newspaper
  pulling up weeds
  pushing a wheelbarrow
  racing downhill
  reaching for the top shelf
  reading a postcard
  rushing from room to room
  selling sausages
  shaking hands
  shaping a lump of clay
  sharing a sandwich
  shaving
  shouting at the sea
  singing out of tune
  sitting on the doorstep
  smiling
  speaking to the wall
  spitting out cherry stones
  starting a fire
  staring into the fire
  steaming like a kettle
  stopping now and then
  swimming in circles
  taking notes
  talking in a low voice
  teaching a parrot to count
  thinking of nothing in particular
  trading stamps
  trembling with cold
  trying to remember
  tuning a fiddle
  unpacking a suitcase
  using the wrong end
  walking backward
  whispering in the dark
  whistling for the dog
  wondering what to do
  working in the garden
  writing a sentence
`);

/** Follows "my mother" or "nobody". */
export const habits = lines(`
  always asks for more
  always carries an umbrella
  always falls down at the end
  always finds a way
  always hides the key under the doormat
  always kneels to pray
  always likes the first page best
  always looks at the sky first
  always makes too much soup
  always pays in time
  always says the opposite
  always sits by the door
  always starts at the wrong end
  always stops at the corner
  always takes the longer way
  always walks on the other side
  breaks a cup every day
  calls it an affair of honor
  comes home at six
  crosses the street without looking
  exists only in stories
  feels the weather in both knees
  fills the house with music
  fits into this coat
  gets angry about it
  goes to bed with a book
  grows tomatoes
  hangs the wash in the attic
  has an opinion about everything
  hates it when it thunders
  hears the grass grow
  holds the record
  keeps secrets
  knocks before coming in
  knows the answer
  laughs about it today
  leaks a little
  lies awake at night
  listens at the door
  lives on the hill
  needs no lamp
  never admits a mistake
  never argues
  never complains
  never reaches the end
  never remembers names
  never runs
  never speaks of it
  never tells the whole truth
  never wears shoes
  owns seven cats
  plays the trombone
  reads in the bath
  remembers the old days
  requires silence
  scratches at the door
  sees everything
  sends postcards
  serves soup on Fridays
  sings in the kitchen
  sleeps until noon
  slides down the rail
  smells of tobacco
  stands by the window all day
  talks to birds
  tastes of smoke
  teaches at the school
  thinks too much
  throws nothing away
  turns red when somebody looks
  understands me
  votes for the other one
  waits for the mail
  wants to be a general
  works in a bank
  writes with the left hand
`);

/** Follows "had been". */
export const fates = lines(`
  admired by visitors
  advised not to come
  attached to a pole
  bitten by a goat
  blown away
  built before the war
  carried upward by the wind
  caught in the door
  chosen by a queen
  considered lucky
  cooked for too long
  covered with slush
  described in a book
  discovered by chance
  drawn by a child
  driven into a ditch
  eaten by mice
  exchanged for a sausage
  explained to them
  forgiven long ago
  given a new form
  grown from seed
  hired for a day
  intended for somebody else
  kept for a particular purpose
  known for ages
  lowered on a rope
  maintained with care
  meant as a joke
  measured twice
  nailed to a board
  named after a duke
  ordered from America
  parted from its owner
  pinned to the wall
  placed in the center
  prepared with care
  printed in color
  promised to the neighbors
  pumped full of air
  reported missing
  retired for years
  ruined by water
  served on a silver plate
  sewn by hand
  shown in a fair
  signed by a king
  sold at the railway station
  spoken of in whispers
  stolen by thieves
  sunk in the marsh
  supposed to be a secret
  suspected from the beginning
  taken apart
  thrown overboard
  tipped over
  torn down
  unbuttoned
  used as a pillow
  washed by the tides
  weighed again and again
  worn by a general
  woven by spiders
  written in ink
`);

/** Of these there can be many. */
export const crowds = words(
  `ages, ankles, bats, badgers, boys, branches, brides, bottles, biscuits, bells, bushes, bruises, cab drivers, cakes, candles,
  canaries, cans, cards, chickens, circles, clerks, coals, collars, colors, concerns, corners, countries, courtyards, crows,
  customers, customs, dancers, decks, doctors, dots, dreams, drifts, drops, eights, elbows, enemies, engines, eyelids, faces,
  facts, farms, ferns, fiddlers, figures, flies, forests, forms, friends, giants, goods, handfuls of snow, handkerchiefs, hearts,
  heaps of coal, holes, hooks, horseshoes, hours, hunters, inns, jackets, jars, joys, keys, kinds of wool, kings, kittens,
  knuckles, labels, lamps, lessons, lies, lines, lips, lists, loops, lovers, manners, marks, masons, meals, merchants, miles,
  minutes, moments, moons, mornings, mouths, mushrooms, musicians, nights, noses, notes, nuns, oaks, oceans, opinions, orders,
  owls, pans, parents, parts, paths, patches, paws, pegs, pies, pines, pirates, places, planks, plays, points, puddles, questions,
  rabbits, reasons, reindeer, ribs, rivers, rockets, rolls, rules, runs, sandwiches, sausages, scratches, sentences, shapes,
  shoulders, sides, sights, sisters, skates, slippers, slots, socks, songs, sounds, stars, stilts, storms, stoves, streets,
  strings, stripes, stumps, sums, Sundays, swallows, tables, tears, teeth, thieves, thousands of leaves, throws, tickets, tides,
  toes, torches, towns, trees, tricks, turns, twigs, verses, visitors, voices, ways, weapons, weddings, weights, whales, whispers,
  wings, winters, wishes, women, woodpeckers, woods, words, wrecks, wrens, yards, years, Fridays, Saturdays, grown-ups`,
);

/** Follows "the". */
export const extremes = words(
  `biggest, bravest, brightest, clearest, coldest, darkest, deepest, dullest, easiest, eldest, fastest, finest, funniest, hardest,
  heaviest, highest, hottest, kindest, largest, last, latest, lightest, longest, loudest, most interesting, most beautiful, nearest,
  next, oldest, only, opposite, poorest, prettiest, proudest, quietest, richest, saddest, same, second, shortest, sixth, seventh,
  slowest, smallest, softest, strangest, strongest, tallest, tenth, thinnest, tiniest, upper, lower, warmest, widest, wildest,
  wisest, worst, youngest, best`,
);

/** Follows "was getting". */
export const changes = words(
  `bigger, bolder, braver, brighter, calmer, clearer, closer, colder, cooler, darker, deeper, easier, emptier, farther away, fatter,
  fewer, greater, happier, harder, heavier, higher, hotter, kinder, larger, lighter, louder, lower, nearer, older, poorer, prettier,
  quieter, richer, sadder, sharper, shorter, slower, smaller, softer, stranger, stronger, sweeter, taller, thicker, thinner, tighter,
  warmer, weaker, whiter, wider, wilder, wiser, younger, rather complicated, altogether ridiculous, quite excellent`,
);
