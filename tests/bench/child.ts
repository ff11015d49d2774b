/** Runs contenders and tools as processes of their own: peak memory is then theirs alone. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { type Measurement, type Result, resultSchema } from './measurement.ts';
import type { Variant } from './workloads.ts';

export function measureOurs(measurement: Measurement, runtime: string, signal: AbortSignal): Promise<Result> {
  const words = [path.join(import.meta.dirname, 'ours.ts'), JSON.stringify(measurement), runtime];
  return measure(process.execPath, words, signal);
}

export function measurePeer(
  python: string,
  measurement: Measurement,
  { attention }: Variant,
  threads: number,
  signal: AbortSignal,
): Promise<Result> {
  const asked = JSON.stringify({ ...measurement, attention, threads });
  return measure(python, [path.join(import.meta.dirname, 'peers.py'), asked], signal);
}

async function measure(program: string, words: readonly string[], signal: AbortSignal): Promise<Result> {
  const output = await runProgram(program, words, signal);
  const lastLine = output.trimEnd().split('\n').at(-1)!;
  return resultSchema.parse(JSON.parse(lastLine));
}

/** What the program wrote to its output. Throws with what it said when it fails. */
export function runProgram(program: string, words: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], signal });
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
