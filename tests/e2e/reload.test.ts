/** A page that is reloaded at any moment of a run shows all of it: the lab has the numbers, the page only looks. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Random } from '../../src-main/engine/random.ts';
import { inBrowser } from './browser-lab.ts';
import { epochRows, tryItNow } from './paths.ts';

const RELOADS = 30;
const LONGEST_WAIT = 500;

/** Lines that the run in this data folder has written until now: the truth that a page can only be a moment behind. */
async function written(dataFolder: string, file: 'steps.jsonl' | 'epochs.jsonl'): Promise<number> {
  const runs = path.join(dataFolder, 'runs');
  const [run = ''] = await readdir(runs);
  return (await readFile(path.join(runs, run, file), 'utf8')).split('\n').length - 1;
}

/** Steps that the chart of the loss has. */
async function drawnSteps(page: Page): Promise<number> {
  const label = await page.getByRole('img', { name: /^Loss/ }).getAttribute('aria-label');
  return Number(/Over ([\d,]+) steps/.exec(label ?? '')?.[1]?.replaceAll(',', ''));
}

describe.skipIf(inBrowser.missing)('the page of a run', () => {
  it(`shows all epochs and steps after each of ${RELOADS} reloads at random moments`, async () => {
    const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
    const lab = await inBrowser.start(dataFolder);
    onTestFinished(async () => {
      await lab.quit();
      await rm(dataFolder, { recursive: true });
    });
    const { page } = lab;
    await tryItNow(page);
    const random = new Random(1);
    for (let reload = 0; reload < RELOADS; reload++) {
      await page.waitForTimeout(random.below(LONGEST_WAIT));
      await page.reload({ waitUntil: 'commit' });
      const [steps, epochs] = [
        await written(dataFolder, 'steps.jsonl'),
        await written(dataFolder, 'epochs.jsonl'),
      ];
      await expect.poll(() => epochRows(page).then((rows) => rows.length)).toBeGreaterThanOrEqual(epochs);
      const rows = await epochRows(page);
      expect(rows).toEqual(rows.map((_, epoch) => String(epoch)));
      await expect.poll(() => drawnSteps(page)).toBeGreaterThanOrEqual(steps);
    }
    expect(lab.errors).toEqual([]);
  });
});
