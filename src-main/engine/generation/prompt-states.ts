/**
 * What the blocks that nothing is laid over make of prompts: it is the same for every adapter on later blocks, and at every
 * epoch of a run, so it is computed once. Kept are the keys and values of these blocks and the hidden states after them, of
 * the prompts alone; what is written later is not in them.
 */
import { withAxis } from '../graph/value.ts';
import type { DeviceTensor, DeviceTensors, Runtime } from '../runtimes/runtime.ts';

/** What was not used for longest goes first. */
const MOST_BYTES = 256 * 2 ** 20;

interface Kept {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Outputs of the part of a step, by their names. */
type States = ReadonlyMap<string, Kept>;

export class PromptStates {
  readonly #kept = new Map<string, States>();
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /**
   * @param key of prompts and blocks
   * @param capacity tokens that the cache holds
   * @returns hidden, and the cache's tensors [batch, heads, capacity, w]; the caller releases them
   */
  find(key: string, capacity: number): Record<string, DeviceTensor> | undefined {
    const states = this.#kept.get(key);
    if (states === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, states);
    const upload = ({ data, shape }: Kept) =>
      shape.length === 2
        ? this.#runtime.upload(data, shape)
        : this.#runtime.upload(withTokens(data, shape, capacity), withAxis(shape, 2, capacity));
    return Object.fromEntries([...states].map(([name, kept]) => [name, upload(kept)]));
  }

  /** @param tokens of each prompt that were computed, whatever fills them up */
  async keep(key: string, outputs: DeviceTensors, tokens: number): Promise<void> {
    const states = new Map<string, Kept>();
    for (const [name, tensor] of Object.entries(outputs)) {
      const data = (await tensor.read()) as Float32Array;
      states.set(
        name,
        tensor.shape.length === 2
          ? { data: data.slice(), shape: tensor.shape }
          : { data: withTokens(data, tensor.shape, tokens), shape: withAxis(tensor.shape, 2, tokens) },
      );
    }
    this.#kept.set(key, states);
    let bytes = [...this.#kept.values()].reduce((sum, one) => sum + bytesOf(one), 0);
    for (const [oldest, one] of this.#kept) {
      if (bytes <= MOST_BYTES) break;
      this.#kept.delete(oldest);
      bytes -= bytesOf(one);
    }
  }

  clear(): void {
    this.#kept.clear();
  }
}

/** The first tokens of [batch, heads, length, w], filled up with zeros where there are fewer. */
function withTokens(data: Float32Array, shape: readonly number[], tokens: number): Float32Array {
  const [batch, heads, length, width] = shape as [number, number, number, number];
  const result = new Float32Array(batch * heads * tokens * width);
  const common = Math.min(length, tokens) * width;
  for (let row = 0; row < batch * heads; row++) {
    const start = row * length * width;
    result.set(data.subarray(start, start + common), row * tokens * width);
  }
  return result;
}

function bytesOf(states: States): number {
  return [...states.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
}
