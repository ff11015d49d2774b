/**
 * The places of the stories. A place knows what it looks like, what there is to see, where something
 * could lie or hide, which animals
 * live there, and which kinds of scene fit.
 */
import { lines, words } from './vocabulary.ts';

const settings = ['outdoors', 'indoors', 'woods', 'water', 'sea'] as const;
export type Setting = (typeof settings)[number];

export interface Place {
  name: string;
  /** "in the forest", "at school" */
  inside: string;
  /** Which scenes make sense here; neither outdoors nor indoors means sheltered, as in a cave. */
  settings: Setting[];
  looks: string[];
  /** Sights of which there is one: "There was moss on the stones." */
  single: string[];
  /** Sights of which there are many: "There were ferns." */
  many: string[];
  /** Where a person, or anything else, can be: "behind a fallen log". */
  seats: string[];
  /** Where a small thing can be: all seats, and "in a drawer". */
  spots: string[];
  animals: string[];
}

/** Each block: where, its settings and looks; single sights; many; seats; and further spots; animals. */
const blocks = `
in the forest: outdoors woods: quiet, dark, green, deep, still, damp
a fallen log, soft moss, a hidden path, a hollow oak, a little stream, an empty nest, a clearing full of light, the smell of pine, a crooked hut, a ring of mushrooms, wet bark, a beam of sunlight
tall trees, pine needles, ferns, thick roots, long shadows, acorns, dead leaves, wild berries, blue flowers, cones, birches, thorns
under an old oak, behind a fallen log, among the ferns, beside the stream; between the roots, in a hollow tree, under the leaves, high in a pine
fox, owl, squirrel, hedgehog, badger, deer, wolf, bear, rabbit, crow, snail, beetle, robin, raven, spider

on the beach: outdoors water sea: wide, windy, white, empty, sunny, lonely
white foam, soft sand, seaweed, an old net, a piece of driftwood, a sand castle, the smell of salt, a wrecked boat, a low tide, a striped tent
shells, waves, wet stones, footprints, gulls, rocks, dunes, small pools, broken oars
between two rocks, in the sand, behind a dune, at the edge of the water, next to the old boat; under the seaweed, in a small pool, under an old boat
crab, gull, seal, dog, turtle, donkey

in the village: outdoors: small, sleepy, old, noisy, peaceful, friendly
a stone well, a narrow street, a bakery, a church with a crooked tower, the smell of smoke, a broken fence, an inn, a wedding, music
little houses, chimneys, fences, gardens, children, carts, open windows, old women, cobblestones, rumors
behind the well, on the church steps, by the gate, in front of the inn, around the corner; under the bench, on the roof
dog, cat, hen, goose, sparrow, horse, donkey, rooster

at the market: outdoors: noisy, busy, crowded, colorful, wonderful
bright cloth, hot bread, a long line of people, a puppet show, the smell of oranges, a loud quarrel, a scale, a stall with hats
baskets of fruit, barrels, jars of honey, sellers, flowers, clay pots, bargains, ribbons, sacks of flour, cages with birds
behind the barrels, between two stalls, next to the fountain, at the end of the line; under a table, on top of a barrel, in a basket of apples
parrot, monkey, dog, hen, pig, donkey, sparrow, goat

on the farm: outdoors: old, busy, muddy, large, peaceful
fresh hay, a red barn, mud, a wooden gate, a broken plow, corn, a scarecrow, a wheelbarrow, the smell of apples, warm milk in a bucket
sheep, hens, buckets, pumpkins, wide fields, fruit trees, tracks in the mud, cabbages, heavy sacks
in the barn, behind the hay, by the gate, under the apple tree, on the fence; in the mud, under the wagon
cow, pig, horse, hen, rooster, goat, sheep, dog, cat, duck, pony, goose, mouse, donkey

on the mountain: outdoors woods: steep, cold, lonely, high, white, famous
deep snow, a steep path, a dark cave, thin air, a stone hut, an eagle high above, a roaring waterfall, ice, an old cross, a narrow ledge, a view of the whole valley
rocks, clouds, pine trees, sharp stones, cliffs, goats on the rocks, tracks in the snow, peaks
behind a rock, on a narrow ledge, in the snow, at the mouth of a cave, below the cliff, under a dead tree; between two stones, in a crack in the rock
goat, wolf, bear, raven, sheep, dragon

by the river: outdoors water: wide, slow, cold, clear, deep, quick
a wooden bridge, a small boat, a water wheel, a muddy bank, clear water, a flat stone, a raft, a waterfall, an otter at play, mist over the water
reeds, smooth stones, frogs, ripples, willows, dragonflies, ducks, fish under the bridge, white stones, rapids
under the bridge, in the reeds, on the bank, behind a willow, on a flat stone; at the bottom of the water, under the raft
frog, duck, otter, beaver, swan, turtle, goose, cow

at school: indoors: noisy, bright, large, quiet, chilly
chalk on the floor, a big map, a piano, a globe, a blackboard, a smell of wet coats, an empty chair, a hard test, a drawing of a horse
desks, books, pencils, paper birds, benches, drawings, coats on hooks, spelling words, rules on the wall
behind the piano, in the corner, by the window, beside the blackboard; under a desk, on the top shelf, in a drawer
mouse, cat, spider, frog, beetle

in the castle: indoors: cold, enormous, ancient, silent, proud, gloomy
a throne, a dusty carpet, a rose garden behind the wall, an empty suit of armor, a secret door, a winding staircase, a long hall, a portrait of a sad queen, dust, a fire in the great hall
towers, flags, stone stairs, heavy doors, old paintings, guards, candles, silver cups, echoes, thick walls
behind the throne, at the top of the tower, behind a curtain, on the stairs, in the dungeon; under the carpet, under a stone, in a silver cup
cat, mouse, raven, dog, horse, dragon, spider, owl

in the garden: outdoors: green, lovely, wild, tiny, sunny, secret
a stone bench, an apple tree, a little pond, a watering can, a hole in the hedge, soft grass, a rusty gate, the smell of roses, a pile of leaves, a nest in the hedge
roses, bees, tomatoes, weeds, butterflies, worms, beans, sunflowers, cabbages, tulips, white petals
under the apple tree, behind the hedge, in the grass, beside the pond, by the rusty gate, on the stone bench; between the roses, in the pond
snail, hedgehog, robin, cat, frog, beetle, sparrow, rabbit, spider, squirrel

at the harbor: outdoors water sea: busy, old, windy, foggy, gray, noisy
a lighthouse, salt water, a tall ship, a great anchor, the smell of tar and fish, a ship from far away, a wet rope, a high tide, fog, a ladder down to the water, a broken mast
ships, ropes, barrels, sails, sailors, gulls, fishing boats, nets, crates, lanterns, anchors, oars, masts
behind the crates, on the dock, at the end of the pier, on the bow of a ship; under a sail, in an empty barrel, below deck, under the nets
gull, cat, seal, crab, dog, parrot, mouse

in the library: indoors: quiet, warm, dusty, old, silent
dust, a round table, a locked drawer, a sleeping cat, a book with no title, a soft chair, a whisper, a lamp with a green shade, a sign that said silence
tall shelves, old books, ladders, readers, lamps, maps, letters, empty pages, stories, poems
under the round table, behind the curtain, at the end of the row, by the window; between two books, on the top shelf, in the locked drawer
mouse, cat, spider, owl

in the desert: outdoors: hot, endless, dry, empty, golden
sand, a hot wind, a dry well, a tent, a distant fire, a broken wheel, a palm tree, silence, the skeleton of a ship
stars, lizards, bones, camels, red rocks, footprints, thorns, dunes
behind a dune, inside the tent, in the shade of a rock, by the fire; in the dry well, under the sand
camel, lizard, beetle, fox, donkey, snail

on the island: outdoors water sea: green, tiny, strange, wild, lonely, warm
white sand, a wrecked ship, warm rain, a hidden bay, a deep pool, a campfire, a path of shells, a treasure map on a tree, an old cannon
palm trees, coconuts, parrots, turtles, vines, crabs, caves, bright birds, footprints
under a palm tree, in the hidden bay, behind the waterfall, inside the wrecked ship, on the highest rock; in a coconut shell, under the white sand
parrot, monkey, turtle, crab, lizard, goat, seal

in the cave: : dark, cold, deep, wet, narrow, hidden
dripping water, a narrow tunnel, an underground lake, blue light, a rusty chest, a strange drawing on the wall, a cold draft, a heap of bones
crystals, bats, cold stones, shadows, echoes, bones, old coins, footprints
behind a rock, beside the underground lake, at the end of the tunnel, in the dark; in a crack in the wall, on a stone shelf, in the rusty chest
bear, spider, frog, dragon, snail, wolf, mouse

in the workshop: indoors: warm, untidy, busy, crowded, dusty
a heavy workbench, wet paint, glue, a half finished boat, a pile of boards, the smell of sawdust, a wheel without a wagon, a machine under a cloth
hammers, nails, gears, springs, wood chips, clocks, tools, wires, unfinished toys, ladders
behind the boards, next to the stove, in the corner, by the door; under the workbench, on a hook, in a drawer, in the sawdust
cat, mouse, spider, dog

in the kitchen: indoors: warm, tidy, cozy, small, untidy, bright
flour, a hot stove, a big table, salt, an open window, a kettle, dough in a bowl, the smell of soup, a broken plate, steam, firewood by the stove
pots, spoons, plates, apples, cups, dirty dishes, crumbs, onions on a string, jars
under the table, next to the stove, by the open window, in the corner; in the cupboard, behind the flour, next to the kettle, on the shelf, in the sink
cat, mouse, dog, kitten, spider, hen

in the meadow: outdoors woods: green, wide, sunny, golden, wet
tall grass, a scarecrow, a stone wall, a lonely tree, fresh hay, dew, a broken cart, a rainbow, clover
wild flowers, bees, rabbits, butterflies, crickets, poppies, clouds, daisies, haystacks
in the tall grass, behind the stone wall, under the lonely tree, in the hay, beside the ditch; under the scarecrow's hat, among the flowers
rabbit, cow, sheep, horse, beetle, pony, crow, mouse

in the city: outdoors: crowded, noisy, gray, huge, rich, strange
a fountain, a clock tower, noise, a shop window full of hats, a broken lamp, a theater, a busy square, traffic, a bank, a hospital, a statue of a general
tall buildings, trams, crowds, lights, pigeons, bridges, street singers, bicycles, offices, apartments, strangers
in front of the theater, behind the fountain, around the corner, on the bridge, under a streetlamp; in a shop window, in the gutter
dog, cat, mouse, sparrow, horse, parrot

at the station: : cold, crowded, noisy, empty, drafty
steam, a big clock, a sleepy guard, a long tunnel, a timetable, a waiting room, a lost ticket, a late train
trains, suitcases, benches, travelers, rails, signs, newspapers, tearful good-byes, soldiers
on the platform, in the waiting room, behind the ticket window, under the big clock; under a bench, next to a suitcase, between the rails
cat, dog, sparrow, mouse, crow

at the lake: outdoors water: calm, deep, clear, silver, round
cold water, a rowing boat, a wooden dock, mist, thin ice, the moon in the water, an old boathouse, a red tent, thunder in the distance
swans, lilies, fish, pebbles, reeds, dragonflies, ripples, stars in the water, small waves
on the dock, in the boathouse, on a rock, in the reeds, in the rowing boat, near the tent; at the bottom of the water, under the dock
swan, duck, frog, otter, goose, turtle

in the attic: indoors: dusty, dark, cold, secret, crowded
dust, a broken mirror, a round window, a clock without hands, a cradle, a trunk full of dresses, a hole in the roof, moonlight
boxes, old hats, letters, spiders, trunks, toys, photographs, blankets, wasps
under the blankets, behind the chimney, by the round window, in the darkest corner; in an old trunk, inside a hatbox, under a loose board
mouse, spider, owl, cat, squirrel

on the hill: outdoors woods: green, windy, steep, high, bare
a windmill, grass, a lonely oak, a view of the sea, clover, a bench, an old wall, a strong wind, an empty tower, a signpost
sheep, stones, kites, clouds, ruins, wild flowers, graves, blackberries
behind the windmill, under the lonely oak, on the bench, between the stones, at the top of the tower; below the wall, under a flat stone
sheep, goat, crow, rabbit, horse, fox, raven

on the frozen pond: outdoors: smooth, bright, slippery, silent, white
thin ice, a crack in the ice, fresh snow, a snowman with a carrot nose, frost on the reeds, a bonfire on the bank, a hole in the ice
skaters, icicles, snowflakes, snowballs, skates, sleds, bare trees, children in thick coats, frozen leaves
on the bank, beside the snowman, behind a bare tree, next to the bonfire; under the snow, in the snowman's hat, in a snowdrift
duck, fox, crow, robin, dog, otter, swan

in the bakery: indoors: warm, busy, crowded, sweet, tiny
hot bread, flour in the air, a huge oven, sugar on the floor, a wedding cake, butter, a tray of rolls, warm light
loaves, cookies, cakes, sacks of flour, hungry children, aprons, trays, customers, buns
behind the oven, by the window, next to the door, in the corner; on a tray, under the counter, in a sack of flour, beside the scale
cat, mouse, dog, sparrow

in the lighthouse: indoors: tall, cold, lonely, white, windy
a great lamp, a winding staircase, a narrow bed, a bell for the fog, the sound of waves, a round room, a barrel of oil, a logbook
a hundred steps, small windows, maps, ropes, storm clouds outside, gulls at the window, charts
at the top of the stairs, behind the lamp, on the windowsill, beside the bell; under the narrow bed, in a drawer, behind the barrel of oil
cat, gull, spider, mouse

on the ship: outdoors sea: fast, creaking, huge, old, crowded
a tall mast, a wet deck, a strong wind, a barrel of water, a hammock, a ladder to the crow's nest, the endless sea, a pirate flag, an anchor
sails, ropes, sailors, waves, stars, dolphins, clouds, barrels, cannons
below deck, behind the mast, in a hammock, under the sail, at the bow, in the crow's nest; in an empty barrel, under a coil of rope
parrot, gull, cat, monkey, mouse
`;

export const places: Place[] = blocks
  .split('\n\n')
  .map(lines)
  .map(([head = '', single = '', many = '', hidingPlaces = '', animals = '']) => {
    const [inside = '', kinds = '', looks = ''] = head.split(':').map((field) => field.trim());
    const [seats = [], nooks = []] = hidingPlaces.split(';').map(words);
    return {
      name: inside.replace(/^\w+ (the )?/, ''),
      inside,
      settings: settings.filter((setting) => kinds.split(' ').includes(setting)),
      looks: words(looks),
      single: words(single),
      many: words(many),
      seats,
      spots: [...seats, ...nooks],
      animals: words(animals),
    };
  });
