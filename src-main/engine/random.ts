/**
 * The lab's one source of chance: sfc32, a small fast generator by Chris Doty-Humphrey (PractRand) with 128 bits of
 * state. The state is four integers, so a checkpoint can hold it and a resumed run draws exactly the same numbers.
 */
export type RandomState = readonly [number, number, number, number];

export class Random {
  #state: [number, number, number, number];

  constructor(seedOrState: number | RandomState) {
    if (typeof seedOrState === 'number') {
      this.#state = [seedOrState >>> 0, 0x9e3779b9, 0x243f6a88, 1];
      // Neighbouring seeds begin in neighbouring states: the first draws mix them apart.
      for (let round = 0; round < 15; round++) this.integer();
    } else {
      this.#state = [...seedOrState];
    }
  }

  get state(): RandomState {
    return [...this.#state];
  }

  /** A uniform integer in [0, 2³²). */
  integer(): number {
    const state = this.#state;
    const sum = (((state[0] + state[1]) >>> 0) + state[3]) >>> 0;
    state[3] = (state[3] + 1) >>> 0;
    state[0] = (state[1] ^ (state[1] >>> 9)) >>> 0;
    state[1] = (state[2] + (state[2] << 3)) >>> 0;
    state[2] = (((state[2] << 21) | (state[2] >>> 11)) + sum) >>> 0;
    return sum;
  }

  /** A uniform number in [0, 1). */
  uniform(): number {
    return this.integer() / 2 ** 32;
  }

  /** A uniform integer in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.uniform() * limit);
  }

  /** A standard normal number (Box-Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** The items in a uniformly random order (Fisher-Yates); the argument is left as it is. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [result[last], result[other]] = [result[other]!, result[last]!];
    }
    return result;
  }
}
