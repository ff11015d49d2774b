/**
 * How much memory a model needs that is larger than memory: makes the files of one (random or empty bfloat16 weights), runs
 * `lab hyperfit` on its last blocks, and prints peak memory and times. Nothing here passes or fails.
 */
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ROOT } from '../cli/run-lab.ts';
import type { LlamaSize } from './measurement.ts';
import { makeEmptyModel, makeRandomModel } from './random-models.ts';
import { findSize } from './sizes.ts';

const SHAPES: Readonly<Record<string, LlamaSize>> = {
  '1.1b': findSize('1.1b', false).model,
  // Llama 3.1 8B's.
  '8b': {
    ...{ width: 4096, blocks: 32, heads: 32, keyValueHeads: 8, feedForward: 14_336 },
    ...{ vocabulary: 128_256, context: 8192, tied: false },
  },
};
const TOKENIZER = path.join(ROOT, 'resources/starter-model');
const LOOK_MILLISECONDS = 50;
/** More text than any of these runs takes. */
const WORDS_PER_WINDOW_TOKEN = 2;
const USAGE = `node scripts/bootstrap.mjs tests/bench/large-models.ts [--shape ${Object.keys(SHAPES).join('|')}] [--empty] [--windows N] [--window-length N] [-- WORDS OF lab hyperfit]

  --shape NAME       of the model (1.1b)
  --empty            weights are zero and take no disk space; computing takes as long
  --windows N        to train on (64)
  --window-length N  tokens of each (256)
  after --           further words, such as --batch 1 --cache-precision float16`;

const summarySchema = z.object({
  peakMemoryBytes: z.number(),
  seconds: z.number(),
  tokensPerSecond: z.number(),
});
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shape: { type: 'string', default: '1.1b' },
    empty: { type: 'boolean', default: false },
    windows: { type: 'string', default: '64' },
    'window-length': { type: 'string', default: '256' },
    help: { type: 'boolean', default: false },
  },
});
const size = SHAPES[values.shape];
if (values.help || size === undefined) process.stdout.write(`${USAGE}\n`);
else await main(size);

async function main(size: LlamaSize): Promise<void> {
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'large-model-'));
  try {
    const model = await (values.empty ? makeEmptyModel(size) : makeRandomModel(size));
    for (const name of ['tokenizer.json', 'tokenizer_config.json'])
      await copyFile(path.join(TOKENIZER, name), path.join(model, name));
    const text = path.join(temporary, 'text.txt');
    await writeFile(text, someText(Number(values.windows) * Number(values['window-length'])));
    const out = path.join(temporary, 'run');
    const words = [
      ...[model, '--data', text, '--out', out, '--scope', 'last:5', '--epochs', '1', '--samples', '0'],
      ...['--windows', values.windows, '--window-length', values['window-length'], '--held-out', '0'],
      ...positionals,
    ];
    const { summary, prefix, epochs } = await watchRun(words, out);
    const lines = [
      `${values.shape}, ${values.empty ? 'empty' : 'random'} bfloat16 weights, ${values.windows} windows of ${values['window-length']} tokens ${positionals.join(' ')}`,
      `peak memory                ${gigabytes(summary.peakMemoryBytes)}`,
      `  when the prefix was over ${gigabytes(prefix.peakBytes)}`,
      `prefix pass                ${prefix.seconds.toFixed(1)} s`,
      ...epochs.map(
        (seconds, epoch) =>
          `${epoch === 0 ? 'measuring at first         ' : `epoch ${epoch}                    `}${seconds.toFixed(1)} s`,
      ),
      `training                   ${summary.tokensPerSecond.toFixed(1)} tokens a second`,
      `in all                     ${summary.seconds.toFixed(1)} s`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Runs the command line, and sees in the run's folder how far it is. */
async function watchRun(words: readonly string[], out: string) {
  const child = spawn(
    process.execPath,
    [path.join(ROOT, 'src-main/cli/main.ts'), 'hyperfit', ...words, '--json'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (part) => {
    output += part;
  });
  let code: number | null | undefined;
  child.on('close', (status) => {
    code = status;
  });
  const stop = () => child.kill('SIGTERM');
  process.once('SIGINT', stop);
  let [began, ended, peakBytes] = [0, 0, 0];
  const epochEnds: number[] = [];
  while (code === undefined) {
    await wait(LOOK_MILLISECONDS);
    const journal = await stat(path.join(out, 'prefix-train.cache.json')).catch(() => undefined);
    if (journal && began === 0) began = journal.mtimeMs;
    if (journal && journal.mtimeMs > ended) {
      ended = journal.mtimeMs;
      peakBytes = await peakSoFar(child.pid ?? 0);
    }
    const epochs =
      (await readFile(path.join(out, 'epochs.jsonl'), 'utf8').catch(() => '')).split('\n').length - 1;
    while (epochEnds.length < epochs) epochEnds.push(Date.now());
  }
  process.off('SIGINT', stop);
  if (code !== 0) throw new Error(`lab hyperfit ended with ${code}.`);
  return {
    summary: summarySchema.parse(JSON.parse(output)),
    prefix: { seconds: (ended - began) / 1000, peakBytes },
    epochs: epochEnds.map((end, epoch) => (end - (epoch === 0 ? ended : epochEnds[epoch - 1]!)) / 1000),
  };
}

/** Bytes; 0 where the system does not tell of another process. */
async function peakSoFar(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

/** Words without an order, as many as are surely enough tokens. */
function someText(tokens: number): string {
  const words = 'the sea was calm and a small boat went out with two men who had not slept for days'.split(
    ' ',
  );
  return Array.from(
    { length: tokens * WORDS_PER_WINDOW_TOKEN },
    (_, index) => words[(index * index + 7 * (index >> 3)) % words.length],
  ).join(' ');
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
