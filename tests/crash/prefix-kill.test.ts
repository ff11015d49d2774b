/** No hour lost: what the frozen blocks have said before a kill stays, and the file is at last the one of a run that nobody killed. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../src-main/engine/random.ts';

const KILLS = 6;
/** In a stage of the pass: the journal of so small a file is written after each. */
const BATCHES = 38;
const STAGES = 7;
let folder: string;
let whole: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'prefix-kill-'));
  const file = path.join(folder, 'whole');
  expect(await fill(file)).toBe(STAGES * BATCHES);
  whole = await readFile(file);
});
afterAll(() => rm(folder, { recursive: true }));

it('goes on after each kill on the way through the frozen blocks, and ends with the same bytes', async () => {
  const file = path.join(folder, 'killed');
  const random = new Random(5);
  let left = STAGES * BATCHES;
  for (let kill = 0; kill < KILLS; kill++) {
    const done = await fill(file, 1 + random.below(BATCHES + 20));
    left -= BATCHES * Math.floor(done / BATCHES);
  }
  expect(left).toBeLessThan(STAGES * BATCHES);
  // No more than what came after the last stage that was whole is done again.
  expect(await fill(file)).toBeLessThanOrEqual(left);
  expect((await readFile(file)).equals(whole)).toBe(true);
});

/** How many batches it put through a block before it was whole, or was killed, which is after so many or a few more. */
function fill(file: string, killAfter = Number.POSITIVE_INFINITY): Promise<number> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'fill-cache.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let done = 0;
  child.stdout.on('data', (dots: Buffer) => {
    done += dots.length;
    if (done >= killAfter) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(done);
      else reject(new Error(`It ended with ${code}.`));
    });
  });
}
