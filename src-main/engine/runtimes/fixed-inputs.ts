/** Fixed inputs on runtimes that make nothing special of them: the program holds them as tensors, and adds them to each run. */
import type { Graph } from '../graph/graph.ts';
import type { DeviceTensor, FixedInputs, Program, Runtime } from './runtime.ts';

export async function holdFixed(
  runtime: Pick<Runtime, 'load'>,
  graph: Graph,
  program: Program,
  fixed: FixedInputs | undefined,
): Promise<Program> {
  if (fixed === undefined) return program;
  const held: Record<string, DeviceTensor> = {};
  for (const [name, read] of fixed) held[name] = await runtime.load(graph.inputs.get(name)!.shape, read);
  return {
    run: (inputs) => program.run({ ...inputs, ...held }),
    release: async () => {
      for (const tensor of Object.values(held)) tensor.release();
      await program.release();
    },
  };
}
