/** A model with random weights: how long it computes does not depend on the numbers. For measuring speed. */
import type { Architecture } from '../architectures/architecture.ts';
import { recognizeArchitecture } from '../architectures/recognize.ts';
import type { Random } from '../random.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { allParameters, parameterLayout } from './parameters.ts';
import { type WeightSource, Weights } from './weights.ts';

/** Random numbers that weights are cut from; prime, so that no two rows of a matrix are alike. */
const RANDOM_NUMBERS = 1_000_003;

/**
 * Weights are made when they are read, which takes no longer than reading a file that the system has in memory.
 *
 * @param config as in a config.json
 */
export function randomModel(
  config: Readonly<Record<string, unknown>>,
  runtime: Runtime,
  random: Random,
): { readonly architecture: Architecture; readonly weights: Weights } {
  const architecture = recognizeArchitecture(config);
  const shapes = allParameters(parameterLayout(architecture));
  const numbers = Float32Array.from({ length: RANDOM_NUMBERS }, () => (random.uniform() - 0.5) * 0.07);
  const source: WeightSource = {
    tensors: new Map([...shapes].map(([name, shape]) => [name, { shape }])),
    readFloat32: async (name, into) => {
      if (shapes.get(name)!.length === 1) return into.fill(1);
      for (let start = 0; start < into.length; start += RANDOM_NUMBERS)
        into.set(numbers.subarray(0, Math.min(RANDOM_NUMBERS, into.length - start)), start);
      return into;
    },
    readRows: async (name, rows, into) => {
      const width = shapes.get(name)!.at(-1)!;
      for (const [index, row] of rows.entries()) {
        for (let column = 0; column < width; column++)
          into[index * width + column] = numbers[(row * width + column) % RANDOM_NUMBERS]!;
      }
    },
  };
  return { architecture, weights: new Weights(source, architecture, runtime) };
}

/** Windows of random tokens. */
export function randomWindows(
  random: Random,
  asked: { readonly vocabularySize: number; readonly length: number; readonly count: number },
): Int32Array[] {
  return Array.from({ length: asked.count }, () =>
    Int32Array.from({ length: asked.length }, () => random.below(asked.vocabularySize)),
  );
}
