/** What anybody can do, as it follows "to": the plain forms of the commonest verbs. */
import { lines } from './vocabulary.ts';

export const actions = lines(`
  add up the numbers
  agree with everyone
  allow it
  apologize
  arrive before the others
  avoid the puddles
  beg for mercy
  become a better person
  believe every word
  belong to someone
  bend the rules
  blame the weather
  boil an egg
  borrow a ladder
  break the silence
  breathe again
  bring some wood
  burn the letter
  bury the box
  call for help
  care about such things
  carry the bags
  change the subject
  chase the hens
  chew slowly
  choose a hat
  clap
  clear the table
  close the window
  collect firewood
  comb {his} hair
  comfort {friend}
  complain
  cook a meal
  copy the map
  count the steps
  cover the hole with leaves
  crawl under the fence
  cross the street
  cut the rope
  dare to speak
  defend the castle
  deliver the message
  deserve it
  die of laughter
  dig deeper
  disappear
  discover the secret
  divide the cake
  do nothing
  drag the sack home
  draw a circle
  drink something hot
  drive the cart
  dry the dishes
  earn some money
  empty the bucket
  enter without knocking
  escape
  examine the lock
  exchange hats
  expect the worst
  explore the cave
  face the truth
  fall asleep
  feed the animals
  feel better
  fetch some water
  fight for it
  fill the jar
  find another way
  finish the work
  fix the roof
  float like a cork
  fold the sheets
  follow the stream
  forget about it
  forgive {friend}
  gather some berries
  get rid of it
  give it back
  greet the guests
  grow a beard
  guard the gate
  guess the answer
  guide them home
  handle it with care
  hang up the coat
  hear the difference
  heat the room
  hide the evidence
  hold the door
  hurry
  ignore the noise
  imagine it
  join the others
  judge too quickly
  keep the promise
  kick a stone
  kiss the bride
  knit a sock
  knock again
  laugh about it
  lead the way
  lean on the wall
  leap over the ditch
  lend a hand
  lie down for a while
  lift the lid
  light the lamp
  live like a king
  load the wagon
  look after the children
  lose the game
  love somebody
  manage without help
  march in step
  mark the place
  match the colors
  measure the window
  meet {absent}
  melt some snow
  mend the net
  mind the shop
  miss the train
  mix the dough
  move closer
  name the baby
  notice the difference
  obey
  offer them a seat
  open the box
  pack the suitcase
  pass the salt
  pay the bill
  pick some flowers
  plant a tree
  play outside
  please everyone
  point at people
  pour the tea
  praise the cook
  pray for rain
  press the button
  pretend that nothing was wrong
  prevent the worst
  promise too much
  prove it
  pull harder
  punish anyone
  push the boat into the water
  put out the fire
  raise the flag
  reach the top
  read aloud
  receive a letter
  refuse
  remain calm
  remember the name
  remind them of it
  rent a room
  repair the damage
  repeat the question
  rescue the cat
  return the money
  ride a horse
  ring the bell
  rise early
  roll up the carpet
  row to the island
  rub it with oil
  ruin the surprise
  sail around the world
  save the ship
  say it aloud
  scold the dog
  scratch the itch
  scream
  search the house
  see in the dark
  sell the farm
  send a letter
  separate them
  serve the soup
  settle the quarrel
  shake the tree
  share the bread
  shine like a star
  shoot an arrow
  shut the door
  sit still
  skate backward
  skip a stone across the water
  slide down the hill
  smell the roses
  solve the mystery
  speak louder
  spell {his} own name
  spend the night there
  spoil the fun
  stand on one leg
  stare at the ceiling
  start all over again
  steal a glance
  steer the ship
  stick to the plan
  stop the bleeding
  stretch
  strike a match
  study the stars
  suffer in silence
  swallow {his} pride
  sweep the chimney
  swing on the gate
  take a walk
  tame a wild horse
  taste everything
  tear up the paper
  thank {absent}
  think about something else
  throw a ball
  tie a better knot
  touch the bottom
  trade a {thing} for a {other}
  train a pigeon
  trap the thief
  treat everyone the same
  tremble
  trust a stranger
  turn back
  understand the joke
  use both hands
  vanish into the crowd
  vote for the mayor
  wake the baby
  wander about
  warm {his} hands
  warn the village
  wash the windows
  waste time
  watch the sunset
  water the flowers
  wear shoes
  weigh the flour
  win
  wind the clock
  wipe {his} nose
  wonder aloud
  work at night
  worry about tomorrow
  wrap the gifts
  write it down
`);
