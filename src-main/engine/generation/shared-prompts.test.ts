/** What frozen blocks make of prompts is computed once for all that is laid over later blocks, and changes nothing. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { recognizeArchitecture } from '../architectures/recognize.ts';
import { openModelFolder } from '../formats/model-folder.ts';
import { type Overlay, releaseOverlay } from '../model/overlay.ts';
import { Weights } from '../model/weights.ts';
import { Random } from '../random.ts';
import { CpuRuntime } from '../runtimes/onnxruntime/cpu-runtime.ts';
import { Decoder } from './decoder.ts';
import { GREEDY } from './decoding.ts';
import type { WeightUse } from './decoding-programs.ts';

const MODEL = path.join(import.meta.dirname, '../../../tests/golden/fixtures/llama');
const PROMPTS = [[1, 5, 9], [2], [3, 4, 5, 6, 7, 8, 9, 10], [11, 12]];
const RANK = 2;

async function open(use: WeightUse) {
  const folder = await openModelFolder(MODEL);
  const architecture = recognizeArchitecture(folder.config);
  const { blocks, width } = architecture.geometry;
  const runtime = new CpuRuntime(1);
  /** How often the blocks have read prompts: those before the first with an adapter, the rest, or all at once. */
  const read = { frozen: 0, rest: 0, whole: 0 };
  const compile = runtime.compile.bind(runtime);
  runtime.compile = async (graph, fixed) => {
    const program = await compile(graph, fixed);
    const [begins, ends] = [graph.inputs.has('tokens'), graph.outputs.has('logits')];
    const part = begins && ends ? 'whole' : begins ? 'frozen' : 'rest';
    return {
      run: (inputs) => {
        if (inputs.positions!.shape[1]! > 1) read[part]++;
        return program.run(inputs);
      },
      release: () => program.release(),
    };
  };
  const weights = new Weights(folder, architecture, runtime);
  const decoder = new Decoder(architecture, weights, use);
  /** An adapter on the queries of blocks from this one on. */
  const adapter = (first: number, seed: number): Overlay => {
    const random = new Random(seed);
    const tensors = new Map<string, ReturnType<typeof runtime.upload>>();
    for (let block = first; block < blocks; block++) {
      const module = `${architecture.blockPath(block)}.self_attn.q_proj`;
      const numbers = (count: number) => Float32Array.from({ length: count }, () => random.uniform() - 0.5);
      const outputs = weights.shapes.get(`${module}.weight`)![0]!;
      tensors.set(`${module}.lora_A.weight`, runtime.upload(numbers(RANK * width), [RANK, width]));
      tensors.set(`${module}.lora_B.weight`, runtime.upload(numbers(outputs * RANK), [outputs, RANK]));
    }
    const targets = (module: string) => tensors.has(`${module}.lora_A.weight`);
    return { adapter: { rank: RANK, scale: 2, targets }, tensors };
  };
  /** Texts, and all logits that they were chosen from. */
  const write = async (overlay?: Overlay, prompts = PROMPTS, maxNewTokens = 6) => {
    const logits: Float32Array[] = [];
    const texts = await decoder.generate(prompts, {
      ...{ maxNewTokens, decoding: GREEDY, seed: 1, endOfText: [], atEnd: 'forbid' },
      ...(overlay && { overlay }),
      adjust: (given) => {
        logits.push(given.slice());
        return given;
      },
    });
    return { texts, logits };
  };
  const close = async () => {
    await decoder.release();
    await weights.release();
    expect(runtime.memoryUsed()).toBe(0);
    await folder.close();
  };
  return { adapter, write, read, close, blocks };
}

describe.each(['float32', '8-bit', 'shared'] as const)('arms of one base in memory (weights: %s)', (use) => {
  it('read their prompts through the frozen blocks once, and write to the bit what each writes alone', async () => {
    const arms = [
      [1, 7],
      [1, 8],
      [1, 9],
    ] as const;
    const alone: Awaited<ReturnType<Awaited<ReturnType<typeof open>>['write']>>[] = [];
    for (const [first, seed] of arms) {
      const { adapter, write, read, close } = await open(use);
      const overlay = adapter(first, seed);
      alone.push(await write(overlay));
      expect(read).toEqual({ frozen: 1, rest: 1, whole: 0 });
      releaseOverlay(overlay);
      await close();
    }
    expect(alone[0]!.texts).not.toEqual(alone[1]!.texts);

    const { adapter, write, read, close } = await open(use);
    for (const [place, [first, seed]] of arms.entries()) {
      const overlay = adapter(first, seed);
      expect(await write(overlay)).toEqual(alone[place]);
      releaseOverlay(overlay);
    }
    expect(read).toEqual({ frozen: 1, rest: 3, whole: 0 });
    await close();
  });

  it('read other prompts anew, and the same again for texts of another length', async () => {
    const { adapter, write, read, close } = await open(use);
    const overlay = adapter(1, 7);
    const short = await write(overlay);
    await write(overlay, [[4, 4, 4]]);
    expect(read.frozen).toBe(2);
    // So long that the cache holds more tokens.
    const long = await write(overlay, PROMPTS, 70);
    expect(long.texts.map((text) => text.slice(0, 6))).toEqual(short.texts);
    expect(read.frozen).toBe(2);
    releaseOverlay(overlay);
    await close();
  });

  it('write what they write where earlier blocks change too, and without any adapter', async () => {
    const { adapter, write, read, close } = await open(use);
    const [late, all] = [adapter(2, 7), adapter(0, 8)];
    const first = new Map<Overlay | undefined, number[][]>();
    for (const overlay of [undefined, all, late]) first.set(overlay, (await write(overlay)).texts);
    for (const overlay of [late, undefined, all, undefined, late, all])
      expect((await write(overlay)).texts).toEqual(first.get(overlay));
    // A program with the weights in it that takes adapters everywhere is not made anew to be divided.
    if (use !== 'shared') expect(read.frozen).toBe(0);
    for (const overlay of [late, all]) releaseOverlay(overlay);
    await close();
  });
});
