/**
 * How far two models' hidden states of the same texts lie apart, layer by layer, and in how many directions those of each
 * spread (Li et al. 2026, "terminal expansion").
 *
 * The participation ratio (tr C)² / ‖C‖²_F of the covariance C [width, width] is the number of directions if all were used
 * alike. C itself is never made: with X the centred states [positions, width], tr C and ‖C‖²_F follow from the products of
 * states with each other, ‖XᵀX‖²_F = ‖XXᵀ‖²_F, which are summed by pairs of groups of positions. Those sums are enough for
 * the participation ratio of any re-weighting of the groups, so a bootstrap over texts never looks at states again.
 */
import { buildGraph } from '../graph/graph.ts';
import { input, matmul } from '../graph/ops.ts';
import type { Program, Runtime } from '../runtimes/runtime.ts';

/** Hidden states [positions, width] row by row, in groups that follow each other: texts, or several of them. */
export interface GroupedStates {
  readonly states: Float32Array;
  readonly width: number;
  /** Positions of each group. */
  readonly groups: readonly number[];
}

/** Of one position each. */
export interface Distances {
  /** Of the angle between the two states; 0 where one of them is zero. */
  readonly cosine: Float64Array;
  /** ‖tuned − base‖ */
  readonly l2: Float64Array;
}

/** @param base, tuned [positions, width] */
export function distances(base: Float32Array, tuned: Float32Array, width: number): Distances {
  const positions = base.length / width;
  const cosine = new Float64Array(positions);
  const l2 = new Float64Array(positions);
  for (let position = 0; position < positions; position++) {
    let [product, ofBase, ofTuned, between] = [0, 0, 0, 0];
    for (let at = position * width; at < (position + 1) * width; at++) {
      const [first, second] = [base[at]!, tuned[at]!];
      product += first * second;
      ofBase += first * first;
      ofTuned += second * second;
      between += (second - first) ** 2;
    }
    const lengths = Math.sqrt(ofBase * ofTuned);
    cosine[position] = lengths === 0 ? 0 : product / lengths;
    l2[position] = Math.sqrt(between);
  }
  return { cosine, l2 };
}

/** Each state divided by its length; one of length zero stays. */
export function normalized(states: Float32Array, width: number): Float32Array {
  const result = new Float32Array(states.length);
  for (let start = 0; start < states.length; start += width) {
    let squares = 0;
    for (let at = start; at < start + width; at++) squares += states[at]! ** 2;
    const length = Math.sqrt(squares) || 1;
    for (let at = start; at < start + width; at++) result[at] = states[at]! / length;
  }
  return result;
}

/** What is known of the spread of states in groups, after they were looked at once. */
export class Spread {
  readonly #groups: readonly number[];
  /** Σ‖x‖² of each group. Here and below, x are states from which the mean of all was taken away. */
  readonly #squares: Float64Array;
  /** Of the groups' sums m = Σx with each other: m_g · m_h [groups, groups]. */
  readonly #sums: Float64Array;
  /** Σ (x · y)² over x of group g and y of group h [groups, groups]. */
  readonly #products: Float64Array;
  /** Σ (x · m_h)(x · m_i) over x of group g [groups, groups, groups]. */
  readonly #withSums: Float64Array;

  constructor(groups: readonly number[]) {
    const { length } = groups;
    this.#groups = groups;
    this.#squares = new Float64Array(length);
    this.#sums = new Float64Array(length ** 2);
    this.#products = new Float64Array(length ** 2);
    this.#withSums = new Float64Array(length ** 3);
  }

  /**
   * (tr C)² / ‖C‖²_F: from 1, all in one line, to at most the width, and positions − 1. 0 where all states are the same.
   * @param weights how often each group counts, not all 0; once, if not said
   */
  participationRatio(weights: ArrayLike<number> = this.#groups.map(() => 1)): number {
    const groups = this.#groups.length;
    let [positions, squares, ofMean, products, withMean] = [0, 0, 0, 0, 0];
    for (let g = 0; g < groups; g++) {
      if (weights[g] === 0) continue;
      positions += weights[g]! * this.#groups[g]!;
      squares += weights[g]! * this.#squares[g]!;
      for (let h = 0; h < groups; h++) {
        const pair = weights[g]! * weights[h]!;
        if (pair === 0) continue;
        ofMean += pair * this.#sums[g * groups + h]!;
        products += pair * this.#products[g * groups + h]!;
        for (let i = 0; i < groups; i++)
          withMean += pair * weights[i]! * this.#withSums[(g * groups + h) * groups + i]!;
      }
    }
    // C = XᵀX / n − μμᵀ, with μ the mean of the weighted states.
    ofMean /= positions ** 2;
    const trace = squares / positions - ofMean;
    const frobenius = products / positions ** 2 - (2 * withMean) / positions ** 3 + ofMean ** 2;
    return frobenius <= 0 ? 0 : trace ** 2 / frobenius;
  }

  /** @throws the signal's reason, between groups */
  static async measure(
    { states, width, groups }: GroupedStates,
    products: StateProducts,
    signal?: AbortSignal,
  ): Promise<Spread> {
    const spread = new Spread(groups);
    const count = groups.length;
    const centred = minusMean(states, width);
    const sums = groupSums(centred, width, groups);
    const starts = groups.map((_, group) => groups.slice(0, group).reduce((sum, size) => sum + size, 0));
    for (let g = 0; g < count; g++)
      for (let h = 0; h < count; h++) spread.#sums[g * count + h] = dot(sums[g]!, sums[h]!);
    // Products of a group's states with all states and, behind those, with the groups' sums.
    products.load(centred, sums);
    try {
      for (const [g, size] of groups.entries()) {
        signal?.throwIfAborted();
        const rows = centred.subarray(starts[g]! * width, (starts[g]! + size) * width);
        for (const number of rows) spread.#squares[g]! += number * number;
        await products.eachRow(rows, (row) => {
          // Of two groups once: from the later ones the same comes out.
          for (let h = g; h < count; h++) {
            let sum = 0;
            for (let at = starts[h]!; at < starts[h]! + groups[h]!; at++) sum += row[at]! ** 2;
            spread.#products[g * count + h]! += sum;
          }
          const withSums = row.subarray(row.length - count);
          for (let h = 0; h < count; h++)
            for (let i = 0; i < count; i++)
              spread.#withSums[(g * count + h) * count + i]! += withSums[h]! * withSums[i]!;
        });
      }
    } finally {
      products.unload();
    }
    for (let g = 0; g < count; g++)
      for (let h = 0; h < g; h++) spread.#products[g * count + h] = spread.#products[h * count + g]!;
    return spread;
  }
}

/** Rows at once: their products with 8,192 states take 16 MiB. */
const ROWS = 512;

/** Products of states with states, computed where models are: they are most of the work. Serves layers of one size. */
export class StateProducts {
  readonly #runtime: Runtime;
  readonly #program: Promise<Program>;
  readonly #width: number;
  readonly #columns: number;
  #loaded: ReturnType<Runtime['upload']> | undefined;

  constructor(runtime: Runtime, { width, groups }: Omit<GroupedStates, 'states'>) {
    this.#runtime = runtime;
    this.#width = width;
    this.#columns = groups.reduce((sum, size) => sum + size, groups.length);
    const [rows, all] = [input('rows', [ROWS, width]), input('all', [this.#columns, width])];
    this.#program = runtime.compile(buildGraph({ products: matmul(rows, all, { transposeB: true }) }));
  }

  load(states: Float32Array, sums: readonly Float64Array[]): void {
    const all = new Float32Array(this.#columns * this.#width);
    all.set(states);
    for (const [group, sum] of sums.entries()) all.set(sum, states.length + group * this.#width);
    this.#loaded = this.#runtime.upload(all, [this.#columns, this.#width]);
  }

  unload(): void {
    this.#loaded?.release();
    this.#loaded = undefined;
  }

  /** Calls `visit` with the products of each of the states with what is loaded. */
  async eachRow(states: Float32Array, visit: (products: Float32Array) => void): Promise<void> {
    const program = await this.#program;
    for (let start = 0; start < states.length; start += ROWS * this.#width) {
      const part = states.subarray(start, start + ROWS * this.#width);
      const padded = new Float32Array(ROWS * this.#width);
      padded.set(part);
      const rows = this.#runtime.upload(padded, [ROWS, this.#width]);
      const { products } = await program.run({ rows, all: this.#loaded! });
      const numbers = (await products!.read()) as Float32Array;
      for (let row = 0; row < part.length / this.#width; row++)
        visit(numbers.subarray(row * this.#columns, (row + 1) * this.#columns));
      for (const tensor of [products!, rows]) tensor.release();
    }
  }

  async release(): Promise<void> {
    this.unload();
    await (await this.#program).release();
  }
}

/** Means of a few dimensions may be hundreds of times larger than what varies: taken away before anything is multiplied. */
function minusMean(states: Float32Array, width: number): Float32Array {
  const mean = new Float64Array(width);
  const positions = states.length / width;
  for (let at = 0; at < states.length; at++) mean[at % width]! += states[at]! / positions;
  return states.map((number, at) => number - mean[at % width]!);
}

function groupSums(states: Float32Array, width: number, groups: readonly number[]): Float64Array[] {
  let at = 0;
  return groups.map((size) => {
    const sum = new Float64Array(width);
    for (const end = at + size * width; at < end; at++) sum[at % width]! += states[at]!;
    return sum;
  });
}

function dot(first: Float64Array, second: Float64Array): number {
  return first.reduce((sum, number, at) => sum + number * second[at]!, 0);
}
