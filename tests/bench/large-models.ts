/**
 * How much memory a model needs that is larger than memory: makes the files of one (random or empty bfloat16 weights), runs
 * `lab hyperfit` on its last blocks, and prints peak memory and times. Nothing here passes or fails.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { writeLargeModel } from './large-model-files.ts';

const LLAMA = {
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_act: 'silu',
  torch_dtype: 'bfloat16',
};
const SHAPES = {
  /** TinyLlama 1.1B. */
  '1.1b': {
    ...LLAMA,
    ...{ hidden_size: 2048, intermediate_size: 5632, num_hidden_layers: 22, vocab_size: 32_000 },
    ...{ num_attention_heads: 32, num_key_value_heads: 4, max_position_embeddings: 2048 },
    ...{ rms_norm_eps: 1e-5, rope_theta: 10_000, tie_word_embeddings: false },
  },
  /** Llama 3.1 8B. */
  '8b': {
    ...LLAMA,
    ...{ hidden_size: 4096, intermediate_size: 14_336, num_hidden_layers: 32, vocab_size: 128_256 },
    ...{ num_attention_heads: 32, num_key_value_heads: 8, max_position_embeddings: 131_072 },
    ...{ rms_norm_eps: 1e-5, rope_theta: 500_000, tie_word_embeddings: false },
    rope_scaling: {
      ...{ rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 },
      original_max_position_embeddings: 8192,
    },
  },
} as const;
const ROOT = path.join(import.meta.dirname, '../..');
const TOKENIZER = path.join(ROOT, 'resources/starter-model');
const LOOK_MILLISECONDS = 50;
/** More text than any of these runs takes. */
const WORDS_PER_WINDOW_TOKEN = 2;
const USAGE = `node scripts/bootstrap.mjs tests/bench/large-models.ts [--shape ${Object.keys(SHAPES).join('|')}] [--sparse] [--folder DIR] [--windows N] [--window-length N] [-- WORDS OF lab hyperfit]

  --shape NAME       of the model (1.1b)
  --sparse           weights are zero and take no disk space; computing takes as long
  --folder DIR       keeps the model there, and takes the one that is there
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
    sparse: { type: 'boolean', default: false },
    folder: { type: 'string' },
    windows: { type: 'string', default: '64' },
    'window-length': { type: 'string', default: '256' },
    help: { type: 'boolean', default: false },
  },
});
const config = Object.entries(SHAPES).find(([name]) => name === values.shape)?.[1];
if (values.help || config === undefined) process.stdout.write(`${USAGE}\n`);
else await main(config);

async function main(config: Readonly<Record<string, unknown>>): Promise<void> {
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'large-model-'));
  try {
    const model = values.folder ?? path.join(temporary, 'model');
    await mkdir(model, { recursive: true });
    const bytes = await writeLargeModel(model, config, { tokenizer: TOKENIZER, sparse: values.sparse });
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
      `${values.shape}: ${gigabytes(bytes)} of ${values.sparse ? 'empty' : 'random'} bfloat16 weights, ${values.windows} windows of ${values['window-length']} tokens ${positionals.join(' ')}`,
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
