/** Runs contenders and tools as processes of their own: peak memory is then theirs alone. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ggufFile } from './gguf.ts';
import { type Result, resultSchema } from './measurement.ts';
import { makeRandomModel } from './random-models.ts';
import type { Contender, Variant } from './row.ts';

/** What contenders run with. */
export interface Peers {
  /** A Python with torch; undefined: without its rows. */
  readonly python: string | undefined;
  /** The entry of node-llama-cpp; undefined: without its rows. */
  readonly llamaCpp: string | undefined;
  /** Of the peers; the lab takes as many as the processor runs at once. */
  readonly threads: number;
}

export async function measure(
  {
    program,
    computes,
    products,
    measurement,
  }: Pick<Contender, 'program' | 'computes' | 'products' | 'measurement'>,
  { options }: Variant,
  { python, llamaCpp, threads }: Peers,
  signal: AbortSignal,
): Promise<Result> {
  const folder = 'model' in measurement ? await makeRandomModel(measurement.model, signal) : undefined;
  const script = (name: string) => path.join(import.meta.dirname, name);
  const asked = { ...measurement, ...options, products, threads };
  switch (program) {
    case 'lab':
      return answerOf(
        process.execPath,
        [script('ours.ts'), JSON.stringify(measurement), computes, products ?? 'float32'],
        signal,
      );
    case 'torch':
      return answerOf(
        python!,
        [script('peers.py'), JSON.stringify({ ...asked, folder, device: computes })],
        signal,
      );
    case 'llama.cpp': {
      if (measurement.kind !== 'decode') throw new Error(`llama.cpp does not measure "${measurement.kind}".`);
      const file = await ggufFile(folder!, measurement.precision);
      return answerOf(
        process.execPath,
        [script('llama-cpp.ts'), JSON.stringify({ ...asked, file }), llamaCpp!],
        signal,
      );
    }
  }
}

async function answerOf(program: string, words: readonly string[], signal: AbortSignal): Promise<Result> {
  const output = await runProgram(program, words, signal);
  const lastLine = output.trimEnd().split('\n').at(-1)!;
  return resultSchema.parse(JSON.parse(lastLine));
}

/** What the program wrote to its output. Throws with what it said when it fails. */
export function runProgram(
  program: string,
  words: readonly string[],
  signal: AbortSignal,
  folder?: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], signal, cwd: folder });
    let [output, complaints] = ['', ''];
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.stderr.on('data', (text) => {
      complaints += text;
    });
    child.on('error', (cause) =>
      reject(new Error(`${program} could not be run: ${cause.message}`, { cause })),
    );
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ${words[0]} failed:\n${complaints}`));
    });
  });
}
