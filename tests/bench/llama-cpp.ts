/**
 * node llama-cpp.ts MEASUREMENT MODULE: llama.cpp's side of the comparison, one measurement in a process of its own, through
 * node-llama-cpp, whose entry MODULE is. The measurement is "decode" as measurement.ts has it, with `file` (GGUF), `threads`
 * and `flashAttention`. `prompts` may be the token ids themselves: then the texts are told too.
 */
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { Random } from '../../src-main/engine/random.ts';
import { median, type Result } from './measurement.ts';

const askedSchema = z.object({
  kind: z.literal('decode'),
  file: z.string(),
  threads: z.number(),
  flashAttention: z.boolean(),
  prompts: z.union([z.number(), z.array(z.array(z.number()))]),
  promptTokens: z.number(),
  newTokens: z.number(),
  repeats: z.number(),
});

/** What is used of node-llama-cpp, which is no dependency of the lab. */
interface NodeLlamaCpp {
  getLlama(options: Readonly<Record<string, unknown>>): Promise<{
    readonly llamaCppRelease: { readonly release: string };
    loadModel(options: Readonly<Record<string, unknown>>): Promise<Model>;
  }>;
}
interface Model {
  readonly fileInfo: { readonly metadata: { readonly general: { readonly file_type?: number } } };
  createContext(options: Readonly<Record<string, unknown>>): Promise<{ getSequence(): Sequence }>;
}
interface Sequence {
  evaluate(
    tokens: readonly number[],
    options: { temperature: number; yieldEogToken: boolean },
  ): AsyncIterable<number>;
  clearHistory(): Promise<void>;
}

const [asked = '', module = ''] = process.argv.slice(2);
const { file, threads, flashAttention, newTokens, repeats, ...given } = askedSchema.parse(JSON.parse(asked));
const { getLlama }: NodeLlamaCpp = await import(pathToFileURL(module).href);
const prompts = typeof given.prompts === 'number' ? randomPrompts(given.prompts) : given.prompts;
const llama = await getLlama({
  ...{ gpu: false, build: 'never', skipDownload: true, maxThreads: threads, logLevel: 'error' },
});
const librariesMiB = peakMiB();
const started = performance.now();
const model = await llama.loadModel({ modelPath: file });
const longest = Math.max(...prompts.map(({ length }) => length));
const context = await model.createContext({
  ...{ sequences: prompts.length, contextSize: longest + newTokens, flashAttention, threads },
  // All that the texts have in common goes through in one pass, the prompts as well.
  batchSize: longest * prompts.length,
  batching: { dispatchSchedule: 'nextCycle' },
});
const sequences = prompts.map(() => context.getSequence());
let texts = await generate();
const preparationSeconds = (performance.now() - started) / 1000;
const seconds: number[] = [];
for (let repeat = 0; repeat < repeats; repeat++) {
  for (const sequence of sequences) await sequence.clearHistory();
  const begun = performance.now();
  texts = await generate();
  seconds.push((performance.now() - begun) / 1000);
}
const result: Result = {
  seconds: median(seconds),
  preparationSeconds,
  ...{ operations: null, peakMiB: peakMiB(), librariesMiB, loss: null },
  software: `llama.cpp ${llama.llamaCppRelease.release} (${threads} threads)`,
};
process.stdout.write(
  `${JSON.stringify({ ...result, ...(typeof given.prompts === 'number' ? {} : { texts }) })}\n`,
);
// Its thread pool would keep the process.
process.exit(0);

function generate(): Promise<number[][]> {
  return Promise.all(sequences.map((sequence, index) => continueText(sequence, prompts[index]!)));
}

/** Greedy, and end tokens are tokens like others: every text has its full length. */
async function continueText(sequence: Sequence, prompt: readonly number[]): Promise<number[]> {
  const text: number[] = [];
  for await (const token of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    text.push(token);
    if (text.length === newTokens) return text;
  }
  throw new Error(
    `A text ended after ${text.length} tokens, before it had the ${newTokens} that were asked for.`,
  );
}

/** Ids that every vocabulary has, and none of the special ones. */
function randomPrompts(count: number): number[][] {
  const random = new Random(1);
  const token = () => 3 + random.below(250);
  return Array.from({ length: count }, () => Array.from({ length: given.promptTokens }, token));
}

function peakMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}
