/** Who and what a story is about. All of it is drawn once, so that it is the same from the opening to the ending. */
import type { Random } from '../../../src-main/engine/random.ts';
import { chance, pick, sample } from '../draw.ts';
import { type Place, places } from './places.ts';
import { type Plot, plots } from './plots.ts';
import { type Animal, animals, type Food, foods, roles, type Thing, things } from './things.ts';
import { boys, characters, girls, relatives, words } from './vocabulary.ts';
import { type Season, seasonNames, smallWords } from './words.ts';

export type Gender = 'he' | 'she';

export interface Person {
  /** A name, or "the baker". */
  name: string;
  kind: string;
  gender: Gender;
  look: string;
  work: string;
}

export interface Cast {
  plot: Plot;
  season: Season;
  hero: Person;
  friend: Person;
  /** A grown-up with a trade, who is called by it. */
  helper: Person;
  relative: string;
  home: Place;
  /** Where some plots lead in the end; the other scenes happen elsewhere. */
  far: Place;
  stations: Place[];
  /** What the plot is about. */
  prize: Thing;
  /** Things and foods that come back. */
  belongings: Thing[];
  provisions: Food[];
  /** Something that can be made by hand. */
  craft: Thing;
  /** What the hero could become one day. */
  trade: string;
  pet: Animal;
}

/** Animals that can be heroes: they live like people, and are called by a name. */
const heroicAnimals = words('hedgehog, rabbit, bear, mouse, fox, badger, squirrel, frog, otter, mole');

/** Places where one would not be at that time of the year. */
const outOfSeason: Record<Season, string[]> = {
  spring: ['frozen pond'],
  summer: ['frozen pond'],
  autumn: ['frozen pond'],
  winter: ['desert', 'island', 'meadow'],
};

export function drawCast(random: Random): Cast {
  const plot = pick(random, plots);
  const season = pick(random, seasonNames);
  const hero = drawChild(random, true);
  let friend = drawChild(random, false);
  while (friend.name === hero.name) friend = drawChild(random, false);
  const role = pick(random, roles);
  const helper: Person = {
    name: `the ${role.name}`,
    kind: role.name,
    gender: role.gender ?? drawGender(random),
    look: pick(random, characters),
    work: role.work,
  };
  const relative = pick(random, relatives);
  const reachable = places.filter((place) => !outOfSeason[season].includes(place.name));
  const visited = sample(random, reachable, 5);
  const home = visited.find(isHome) ?? reachable.find(isHome)!;
  const far = visited.find((place) => place !== home)!;
  const [prize, ...belongings] = sample(random, things, 4) as [Thing, ...Thing[]];
  const handmade = things.filter(({ name }) => smallWords.crafts.includes(name));
  const otherTrades = smallWords.trades.filter((trade) => trade !== role.name);
  return {
    plot,
    season,
    hero,
    friend,
    helper,
    relative,
    home,
    far,
    stations: visited.filter((place) => place !== far),
    prize,
    belongings,
    craft: pick(random, handmade),
    trade: pick(random, otherTrades),
    provisions: sample(random, foods, 2),
    pet: pick(random, animals),
  };
}

function isHome(place: Place): boolean {
  return place.settings.includes('outdoors') && place.name !== 'ship';
}

function drawGender(random: Random): Gender {
  return chance(random, 0.5) ? 'he' : 'she';
}

function drawChild(random: Random, mayBeAnimal: boolean): Person {
  const gender = drawGender(random);
  const child = gender === 'he' ? 'boy' : 'girl';
  return {
    name: pick(random, gender === 'he' ? boys : girls),
    kind: mayBeAnimal && chance(random, 0.2) ? pick(random, heroicAnimals) : child,
    gender,
    look: pick(random, characters),
    work: '',
  };
}
