/**
 * A story from its opening to its end. It keeps track of who is who (hero, friend, helper, pet, the prize that the plot
 * is about), of where they are, and of what has appeared in the scene, so that small sentences speak only of that.
 * The next sentence hardly depends on the last one: see moments.ts for why.
 */
import { below, chance, createRandom, pick, type Random, sample } from '../random.ts';
import { actions } from './actions.ts';
import { questions, remarks } from './dialogue.ts';
import { expand, polish } from './grammar.ts';
import { deeds, looks, moments, type Subject, skies, walks, ways, wishes } from './moments.ts';
import { type Place, places } from './places.ts';
import { farewells, introductions, type Plot, plots } from './plots.ts';
import { scenes, searches } from './scenes.ts';
import { tales } from './tales.ts';
import * as vocabulary from './vocabulary.ts';
import { smallWords, yearly } from './words.ts';

type Gender = 'he' | 'she';

interface Person {
  /** A name, or "the baker". */
  name: string;
  kind: string;
  gender: Gender;
  look: string;
  work: string;
}

const pronouns: Record<Gender, { him: string; his: string; himself: string }> = {
  he: { him: 'him', his: 'his', himself: 'himself' },
  she: { him: 'her', his: 'her', himself: 'herself' },
};

/** Animals that can be heroes: they live like people, and are called by a name. */
const heroicAnimals = [
  'hedgehog',
  'rabbit',
  'bear',
  'mouse',
  'fox',
  'badger',
  'squirrel',
  'frog',
  'otter',
  'mole',
];

/** Places where one would not be at that time of the year. */
const outOfSeason = {
  spring: ['frozen pond'],
  summer: ['frozen pond'],
  autumn: ['frozen pond'],
  winter: ['desert', 'island', 'meadow'],
};

/** Writes one story, its paragraphs parted by single newlines. */
export function writeStory(random: Random): string {
  return new Story(random).write();
}

/** Writes `count` stories; the seed decides all of them. */
export function* stories(seed: number, count: number): Generator<string> {
  const random = createRandom(seed);
  for (let index = 0; index < count; index++) yield writeStory(random);
}

class Story {
  readonly random: Random;
  readonly plot: Plot;
  readonly season: keyof typeof yearly;
  readonly hero: Person;
  readonly friend: Person;
  readonly helper: Person;
  readonly relative: string;
  readonly home: Place;
  readonly far: Place;
  readonly stations: Place[];
  readonly prize: vocabulary.Thing;
  /** Something that can be made by hand. */
  readonly craft: vocabulary.Thing;
  /** What the hero could become one day. */
  readonly trade: string;
  readonly pet: vocabulary.Animal;
  /** Things and foods that come back in this story. */
  readonly belongings: vocabulary.Thing[];
  readonly provisions: vocabulary.Food[];
  place: Place;
  thing: vocabulary.Thing;
  other: vocabulary.Thing;
  animal: vocabulary.Animal;
  food: vocabulary.Food;
  sky = 'the wind';
  /** What the scene has mentioned, and its sights that have been used. */
  present = new Set<Subject>();
  seen: string[] = [];

  constructor(random: Random) {
    this.random = random;
    this.plot = pick(random, plots);
    this.season = pick(random, ['spring', 'summer', 'autumn', 'winter'] as const);
    this.hero = this.person(true);
    this.friend = this.person(false);
    while (this.friend.name === this.hero.name) this.friend = this.person(false);
    const role = pick(random, vocabulary.roles);
    this.helper = {
      name: `the ${role.name}`,
      kind: role.name,
      gender: role.gender ?? this.gender(),
      look: pick(random, vocabulary.characters),
      work: role.work,
    };
    this.relative = pick(random, vocabulary.relatives);
    const visited = sample(
      random,
      places.filter((place) => !outOfSeason[this.season].includes(place.name)),
      5,
    );
    this.home =
      visited.find((place) => place.settings.includes('outdoors') && place.name !== 'ship') ?? places[0]!;
    this.far = visited.find((place) => place !== this.home)!;
    this.stations = visited.filter((place) => place !== this.far);
    this.place = this.home;
    [this.prize, ...this.belongings] = sample(random, vocabulary.things, 4) as [
      vocabulary.Thing,
      ...vocabulary.Thing[],
    ];
    this.craft = pick(
      random,
      vocabulary.things.filter(({ name }) => smallWords.crafts.includes(name)),
    );
    this.trade = pick(
      random,
      smallWords.trades.filter((trade) => trade !== role.name),
    );
    this.provisions = sample(random, vocabulary.foods, 2);
    this.pet = pick(random, vocabulary.animals);
    this.thing = this.other = this.prize;
    this.animal = this.pet;
    this.food = this.provisions[0]!;
  }

  gender(): Gender {
    return chance(this.random, 0.5) ? 'he' : 'she';
  }

  person(mayBeAnimal: boolean): Person {
    const gender = this.gender();
    const child = gender === 'he' ? 'boy' : 'girl';
    return {
      name: pick(this.random, gender === 'he' ? vocabulary.boys : vocabulary.girls),
      kind: mayBeAnimal && chance(this.random, 0.2) ? pick(this.random, heroicAnimals) : child,
      gender,
      look: pick(this.random, vocabulary.characters),
      work: '',
    };
  }

  write(): string {
    this.setScene();
    const paragraphs = [
      this.tell(pick(this.random, introductions)) + this.tell(pick(this.random, this.plot.openings)),
    ];
    const sceneCount = 2 + below(this.random, 5);
    // A few scenes that suit this story come again in other words.
    const favourites = sample(this.random, scenes.anywhere, 4);
    for (let index = 0; index < sceneCount; index++) paragraphs.push(this.paragraph(favourites));
    this.setScene();
    paragraphs.push(
      this.tell(pick(this.random, this.plot.endings)) + this.tell(pick(this.random, farewells)),
    );
    return polish(paragraphs.map((paragraph) => paragraph.trim()).join('\n'));
  }

  paragraph(favourites: readonly string[]): string {
    const moves = chance(this.random, 0.3);
    if (moves) this.place = pick(this.random, this.stations);
    this.setScene();
    let text = moves ? this.tell(pick(this.random, smallWords.arrivals)) : '';
    if (chance(this.random, 0.4)) text += this.tell(pick(this.random, this.plot.steps));
    const count = 1 + below(this.random, 2);
    for (let index = 0; index < count; index++) {
      text += this.tell(chance(this.random, 0.25) ? pick(this.random, favourites) : this.scene());
    }
    return text;
  }

  /** New things and beings for a new paragraph; half of them come back from earlier. */
  setScene(): void {
    const { random } = this;
    this.present = new Set(['anyone']);
    if (this.place.settings.includes('outdoors')) this.present.add('outdoors');
    this.thing = chance(random, 0.6) ? pick(random, this.belongings) : pick(random, vocabulary.things);
    do this.other = pick(random, vocabulary.things);
    while (this.other === this.thing || this.other === this.prize);
    this.food = chance(random, 0.6) ? pick(random, this.provisions) : pick(random, vocabulary.foods);
    const animal = pick(random, this.place.animals);
    this.animal = vocabulary.animals.find(({ name }) => name === animal) ?? this.pet;
  }

  scene(): string {
    const { settings } = this.place;
    const kinds = [scenes.anywhere, scenes.anywhere, tales, ...settings.map((setting) => scenes[setting])];
    if (this.season === 'winter' && settings.includes('outdoors')) kinds.push(scenes.snow);
    return pick(this.random, pick(this.random, kinds));
  }

  tell(template: string): string {
    return `${expand(template, this.resolve, this.random).trim()} `;
  }

  /** The text of a slot. After a dot stands a property, "thing.look"; a digit only tells a second draw from the first. */
  readonly resolve = (slot: string): string => {
    const [name = '', property = ''] = slot.replace(/\d$/, '').split('.');
    switch (name) {
      case 'hero':
        return this.ofPerson(this.hero, property);
      case 'he':
        return this.hero.gender;
      case 'him':
      case 'his':
      case 'himself':
        return pronouns[this.hero.gender][name];
      case 'hers':
        return this.hero.gender === 'he' ? 'his' : 'hers';
      case 'friend':
        return this.ofPerson(this.friend, property);
      case 'helper':
        this.present.add('helper');
        return this.ofPerson(this.helper, property);
      case 'absent':
        return this.helper.name;
      case 'thing':
        this.present.add('thing');
        return this.ofThing(this.thing, property);
      case 'things':
        return vocabulary.plural(this.thing.name);
      case 'craft':
        return this.ofThing(this.craft, property);
      case 'other':
        return this.ofThing(this.other, property);
      case 'prize':
        return this.ofThing(this.prize, property);
      case 'animal':
        this.present.add('animal');
        return this.ofAnimal(this.animal, property);
      case 'animals':
        return vocabulary.plural(this.animal.name);
      case 'pet':
        return this.ofAnimal(this.pet, property);
      case 'food':
        this.present.add('food');
        return this.ofFood(property);
      case 'the':
        return `the ${property === 'far' ? this.far.name : this.place.name}`;
      case 'far':
        return this.far.inside;
      case 'home':
        return `${pick(this.random, smallWords.near)} the ${this.home.name}`;
      case 'place':
        return this.ofPlace(property);
      case 'seat':
        return pick(this.random, this.place.seats);
      case 'spot':
        return pick(this.random, this.place.spots);
      case 'sky':
        return this.ofSky(property);
      case 'it':
        return this.expand(property === 'late' ? smallWords.late : yearly[this.season].changes);
      case 'weather':
        return this.fresh(yearly[this.season].weathers);
      case 'month':
        return pick(this.random, yearly[this.season].months);
      case 'thisSeason':
        return this.season;
      case 'trade':
        return this.trade;
      case 'relative':
        return this.relative;
      case 'way':
        return pick(this.random, this.place.settings.includes('outdoors') ? ways.outdoors : ways.indoors);
      case 'newcomer':
        return pick(this.random, chance(this.random, 0.5) ? vocabulary.girls : vocabulary.boys);
      case 'more':
        return this.loop(0.6, () => this.expand(moments[this.subject()]));
      case 'talk':
        return this.loop(0.55, () => (chance(this.random, 0.55) ? this.exchange() : this.speech()));
      case 'search':
        return this.loop(0.75, () => this.expand(searches));
      case 'exchange':
        return this.exchange();
      case 'speech':
        return this.speech();
      case 'remark':
        return this.expand(remarks.anyone);
      default:
        return this.word(name);
    }
  };

  word(name: string): string {
    const list = wordLists[name];
    if (list === undefined) throw new Error(`No template slot is called {${name}}.`);
    return expand(this.fresh(list), this.resolve, this.random);
  }

  expand(templates: readonly string[]): string {
    return expand(pick(this.random, templates), this.resolve, this.random);
  }

  /** Somebody or something to speak of. */
  subject(): Subject {
    return pick(this.random, ['anyone', ...this.present]);
  }

  loop(probability: number, write: () => string): string {
    const sentences: string[] = [];
    while (sentences.length < 6 && chance(this.random, probability)) sentences.push(write());
    return sentences.join(' ');
  }

  exchange(): string {
    const subject = this.subject();
    const { question, answers } = pick(this.random, questions[subject]);
    const answer = pick(this.random, answers);
    const ofHelper =
      subject === 'helper' ||
      (this.present.has('helper') && !answer.includes('{absent}') && chance(this.random, 0.4));
    const [asker, answerer] = pick(this.random, [
      ['{hero}', ofHelper ? '{helper}' : '{friend}'],
      ['{friend}', ofHelper ? '{helper}' : '{hero}'],
    ]);
    const { asked, said } = smallWords;
    const tags = [pick(this.random, asked), pick(this.random, said)];
    return expand(
      `"${question}" ${tags[0]} ${asker}. "${answer}" ${tags[1]} ${answerer}.`,
      this.resolve,
      this.random,
    );
  }

  speech(): string {
    const subject = this.subject();
    const speakers = subject === 'helper' ? ['said {helper}', 'said {helper} {manner}'] : smallWords.speakers;
    return `"${this.expand(remarks[subject])}" ${this.expand(speakers)}.`;
  }

  ofPerson(person: Person, property: string): string {
    switch (property) {
      case '':
        return person.name;
      case 'he':
        return person.gender;
      case 'him':
      case 'his':
      case 'himself':
        return pronouns[person.gender][property];
      case 'a':
        return `a ${person.kind}`;
      case 'kind':
        return person.kind;
      case 'look':
        return person.look;
      case 'work':
        return person.work;
      default:
        throw new Error(`A person has no ${property}.`);
    }
  }

  ofThing(thing: vocabulary.Thing, property: string): string {
    if (property === '') return thing.name;
    return property === 'use' ? pick(this.random, thing.uses) : this.fresh(thing.looks);
  }

  ofAnimal(animal: vocabulary.Animal, property: string): string {
    if (property === '') return animal.name;
    return this.fresh(property === 'look' ? animal.looks : animal.acts);
  }

  ofFood(property: string): string {
    const { name, looks: tastes, many } = this.food;
    switch (property) {
      case '':
        return name;
      case 'the':
        return `the ${name}`;
      case 'was':
        return many ? 'were' : 'was';
      case 'is':
        return many ? 'are' : 'is';
      default:
        return this.fresh(tastes);
    }
  }

  ofPlace(property: string): string {
    if (property === 'in') return this.place.inside;
    if (property.startsWith('look')) return this.fresh(this.place.looks);
    return chance(this.random, 0.5)
      ? `there was ${this.fresh(this.place.single)}`
      : `there were ${this.fresh(this.place.many)}`;
  }

  ofSky(property: string): string {
    if (property === '') this.sky = pick(this.random, Object.keys(skies));
    return property === '' ? this.sky : pick(this.random, skies[this.sky]!);
  }

  /** One of the list that was not the last one: keeps "red and red" away. */
  fresh(list: readonly string[]): string {
    const choices = list.filter((item) => !this.seen.includes(item));
    const chosen = pick(this.random, choices.length > 0 ? choices : list);
    this.seen = [...this.seen.slice(-2), chosen];
    return chosen;
  }
}

const wordLists: Record<string, readonly string[]> = {
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
  noun: smallWords.nouns,
  mass: smallWords.masses,
  quality: smallWords.qualities,
  ...smallWords,
};
