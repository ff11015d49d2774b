/** Fixed inputs on runtimes that make nothing special of them: the program holds them as tensors, and adds them to each run. */
import { LabError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { WeightPrecision } from './quantize.ts';
import type { DeviceTensor, FixedInputs, Program, Runtime } from './runtime.ts';

export const FULL_PRECISION: readonly WeightPrecision[] = ['float32'];

export async function holdFixed(
  runtime: Pick<Runtime, 'load' | 'precisions' | 'description'>,
  graph: Graph,
  program: Program,
  fixed: FixedInputs | undefined,
): Promise<Program> {
  if (fixed === undefined) return program;
  const held: Record<string, DeviceTensor> = {};
  // One at a time: a disk reads fastest one thing after the other.
  for (const [name, { read, precision }] of fixed) {
    checkPrecision(runtime, precision);
    held[name] = await runtime.load(graph.inputs.get(name)!.shape, read);
  }
  return {
    run: (inputs) => program.run({ ...inputs, ...held }),
    release: async () => {
      for (const tensor of Object.values(held)) tensor.release();
      await program.release();
    },
  };
}

/** @throws LabError 'bad-argument' */
export function checkPrecision(
  { precisions, description }: Pick<Runtime, 'precisions' | 'description'>,
  precision: WeightPrecision,
): void {
  if (precisions.includes(precision)) return;
  throw new LabError(
    'bad-argument',
    `${description} writes with the full weights only, not with ${precision} ones. Let the runtime cpu write, or keep the weights in full.`,
    { precision, precisions },
  );
}
