/**
 * The stage of a story: where it is, what has appeared in the scene, and the text of every template slot. What is said
 * and added between events speaks only of what has appeared, but hardly depends on what was said before; moments.ts
 * tells why.
 */
import type { Random } from '../../../src-main/engine/random.ts';
import { chance, pick } from '../draw.ts';
import type { Cast, Gender, Person } from './cast.ts';
import { skies, ways } from './deeds.ts';
import { questions, remarks } from './dialogue.ts';
import { expand } from './grammar.ts';
import { moments, type Subject } from './moments.ts';
import type { Place } from './places.ts';
import { scenes, searches } from './scenes.ts';
import { tales } from './tales.ts';
import { type Animal, animals, type Food, foods, plural, type Thing, things } from './things.ts';
import { boys, girls } from './vocabulary.ts';
import { freeWords, smallWords, yearly } from './words.ts';

const pronouns: Record<Gender, { him: string; his: string; hers: string; himself: string }> = {
  he: { him: 'him', his: 'his', hers: 'his', himself: 'himself' },
  she: { him: 'her', his: 'her', hers: 'hers', himself: 'herself' },
};

export class Stage {
  readonly random: Random;
  readonly cast: Cast;
  place: Place;
  thing: Thing;
  other: Thing;
  animal: Animal;
  food: Food;
  sky = 'the wind';
  /** What the scene has mentioned. */
  present = new Set<Subject>();
  /** The last few free words: they are not used again at once. */
  recent: string[] = [];

  constructor(random: Random, cast: Cast) {
    this.random = random;
    this.cast = cast;
    this.place = cast.home;
    this.thing = this.other = cast.prize;
    this.animal = cast.pet;
    this.food = cast.provisions[0]!;
  }

  /** New things and beings for a new paragraph; half of them come back from earlier. */
  setScene(): void {
    const { random } = this;
    this.present = new Set(['anyone']);
    if (this.place.settings.includes('outdoors')) this.present.add('outdoors');
    this.thing = chance(random, 0.6) ? pick(random, this.cast.belongings) : pick(random, things);
    do this.other = pick(random, things);
    while (this.other === this.thing || this.other === this.cast.prize);
    this.food = chance(random, 0.6) ? pick(random, this.cast.provisions) : pick(random, foods);
    const animal = pick(random, this.place.animals);
    this.animal = animals.find(({ name }) => name === animal) ?? this.cast.pet;
  }

  /** A scene that makes sense at this place and time. */
  scene(): string {
    const { settings } = this.place;
    const kinds = [scenes.anywhere, scenes.anywhere, tales, ...settings.map((setting) => scenes[setting])];
    if (this.cast.season === 'winter' && settings.includes('outdoors')) kinds.push(scenes.snow);
    return pick(this.random, pick(this.random, kinds));
  }

  /** Writes a template out, with a space behind it for the next one. */
  tell(template: string): string {
    return `${expand(template, this.resolve, this.random).trim()} `;
  }

  /** The text of a slot. After a dot stands a property, "thing.look"; a digit only tells a second draw from the first. */
  readonly resolve = (slot: string): string => {
    const [name = '', property = ''] = slot.replace(/\d$/, '').split('.');
    switch (name) {
      case 'hero':
        return this.ofPerson(this.cast.hero, property);
      case 'he':
        return this.cast.hero.gender;
      case 'him':
      case 'his':
      case 'hers':
      case 'himself':
        return pronouns[this.cast.hero.gender][name];
      case 'friend':
        return this.ofPerson(this.cast.friend, property);
      case 'helper':
        this.present.add('helper');
        return this.ofPerson(this.cast.helper, property);
      case 'absent':
        return this.cast.helper.name;
      case 'thing':
        this.present.add('thing');
        return this.ofThing(this.thing, property);
      case 'things':
        return plural(this.thing.name);
      case 'craft':
        return this.ofThing(this.cast.craft, property);
      case 'other':
        return this.ofThing(this.other, property);
      case 'prize':
        return this.ofThing(this.cast.prize, property);
      case 'animal':
        this.present.add('animal');
        return this.ofAnimal(this.animal, property);
      case 'animals':
        return plural(this.animal.name);
      case 'pet':
        return this.ofAnimal(this.cast.pet, property);
      case 'food':
        this.present.add('food');
        return this.ofFood(property);
      case 'the':
        return `the ${property === 'far' ? this.cast.far.name : this.place.name}`;
      case 'far':
        return this.cast.far.inside;
      case 'home':
        return `${pick(this.random, smallWords.near)} the ${this.cast.home.name}`;
      case 'place':
        return this.ofPlace(property);
      case 'seat':
        return pick(this.random, this.place.seats);
      case 'spot':
        return pick(this.random, this.place.spots);
      case 'sky':
        return this.ofSky(property);
      case 'it':
        return this.expand(property === 'late' ? smallWords.late : yearly[this.cast.season].changes);
      case 'weather':
        return this.fresh(yearly[this.cast.season].weathers);
      case 'month':
        return pick(this.random, yearly[this.cast.season].months);
      case 'thisSeason':
        return this.cast.season;
      case 'trade':
        return this.cast.trade;
      case 'relative':
        return this.cast.relative;
      case 'way':
        return pick(this.random, this.place.settings.includes('outdoors') ? ways.outdoors : ways.indoors);
      case 'newcomer':
        return pick(this.random, this.cast.helper.gender === 'she' ? girls : boys);
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
    const list = freeWords[name];
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

  /** No, one or several sentences, one after another. */
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

  ofThing(thing: Thing, property: string): string {
    if (property === '') return thing.name;
    return property === 'use' ? pick(this.random, thing.uses) : this.fresh(thing.looks);
  }

  ofAnimal(animal: Animal, property: string): string {
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

  /** One of the list that was not used just now: keeps "red and red" away. */
  fresh(list: readonly string[]): string {
    const choices = list.filter((item) => !this.recent.includes(item));
    const chosen = pick(this.random, choices.length > 0 ? choices : list);
    this.recent = [...this.recent.slice(-2), chosen];
    return chosen;
  }
}
