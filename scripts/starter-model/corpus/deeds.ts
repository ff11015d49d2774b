/** What people do, want and look at, how they go, and what the sky does meanwhile. */
import { lines } from './vocabulary.ts';

/** Things a person does with nobody's help; they follow a name. */
export const deeds = lines(`
  smiled
  laughed
  waited
  stopped
  listened
  nodded
  sighed
  gasped
  fainted
  argued
  trembled
  behaved well
  claimed to know better
  expected the worst
  entered first
  joined in
  replied
  bowed
  considered it
  looked around
  sat down
  stood up
  began to sing
  closed both eyes
  jumped
  turned red
  did not answer
  whistled
  yawned
  coughed
  took a deep breath
  went outside
  came back
  started to cry
  said nothing
  thought for a while
  took a step back
  clapped
  waved
  hurried on
  fell asleep
  looked up
  looked {feeling}
  was {feeling}
  was {feeling} again
  shrugged
  sneezed
  woke up
  lay down in the dark
  smiled [sadly|happily|gently|proudly|nervously|politely]
  bowed politely
  felt [very small|quite safe|a little better|a little foolish|much better|lonely]
  leaned against the wall
  turned around
  knelt down
  blushed
  grinned
  frowned
  stared into the distance
  hummed a tune
  rubbed both eyes
  nearly fell over
  could not sleep
  shivered
  kept still
  kept on walking
  wept
  winked
  bent down
  swallowed
  hesitated
  hid
  pretended to be asleep
  told a joke
  felt much lighter
  worked hard
  gave up
  went first
  made a face
  wandered off
  sang louder
  ran faster
  stepped aside
  shouted for help
  looked the other way
  had an idea
  agreed
  did the same
  held on tight
  let go
  learned the song by heart
`);

/** What somebody may want to do: follows "wanted to". */
export const wishes = lines(`
  go home
  stay longer
  see {the.far}
  sleep
  know more
  leave
  learn how to swim
  play the {instrument}
  be a {trade}
  eat some {food}
  ask {absent}
  find the {prize}
  run away
  climb higher
  be left alone
  tell the truth
  see the sea
  build a house
  travel around the world
  fly like a bird
  grow up
  be brave
  write a poem
  win the game
  fix everything
  hear the end of the story
  keep it a secret
  say good-bye
  stay awake all night
  try something new
  catch a star
  buy a {thing.look} {thing}
  make a {thing}
  visit {his} {relative}
  invite everyone
  explain it
  rest for an hour
  dance
`);

/** Verbs for looking; the object follows. */
export const looks = lines(`
  looked at
  stared at
  pointed at
  touched
  noticed
  studied
  watched
  forgot about
  smiled at
  asked about
  turned to
  glanced at
  thought about
  believed in
  recognized
  remembered
  wondered about
  walked around
  laughed at
  could not find
`);

/** Ways of going; a direction follows. */
export const walks = lines(`
  walked
  ran
  hurried
  climbed
  wandered
  marched
  crept
  skipped
  strolled
  limped
  raced
  tiptoed
  danced
  trudged
  stumbled
  walked hand in hand
  traveled
  rushed
`);

/** Directions outdoors and indoors; they follow a way of going. */
export const ways = {
  outdoors: lines(`
    down the road
    over the bridge
    along the wall
    between the trees
    under the stars
    through the rain
    up the path
    across the square
    past the last house
    into the wind
    along the shore
    through the tall grass
    against the wind
    toward the sea
    in the moonlight
    through the deep snow
  `),
  indoors: lines(`
    up the stairs
    down the stairs
    along the hall
    through the door
    from room to room
    across the floor
    around the table
    into the next room
    toward the window
    in the dark
  `),
};

/** What weather and light do; the first word may open a sentence. */
export const skies: Record<string, string[]> = {
  'the wind': lines(
    'cold\nwarm\nstrong\ngentle\nlouder than before\nagainst them\nfull of salt\nsofter than before',
  ),
  'the moon': lines(
    'bright\nlow\nround\nfull\nthin as a nail\nbehind a cloud\nso close that one could touch it',
  ),
  'the sun': lines('warm\nlow\nhigh\nred\nalmost gone\nhotter than ever'),
  'the rain': lines('cold\nwarm\nheavy\nsoft\neverywhere\nalmost over'),
  'the sky': lines('gray\nblue\nclear\ndark\nfull of stars\nas red as fire\npale'),
  'the fog': lines('thick\ncold\nwhite\neverywhere\nthinner than before\nlike milk'),
  'the storm': lines('loud\nterrible\nfar away\nover\nstill raging\nworse than before'),
};
