/** From a run to an answer, by keyboard alone: a question of the papers, its result, the report, and the same from its command. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab as commandLine, ROOT } from '../cli/run-lab.ts';
import { inBrowser } from './browser-lab.ts';
import type { LabUnderTest } from './lab-under-test.ts';
import { openRun, press } from './paths.ts';
import { makeUsedLab } from './used-lab.ts';

const MINUTES = 60_000;

describe.skipIf(inBrowser.missing)('why it works', () => {
  let folder: string;
  let lab: LabUnderTest;
  let page: Page;
  let saved: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
    const text = await readFile(path.join(ROOT, 'resources/samples/sea-stories.txt'), 'utf8');
    const modelCard = '---\nlicense: apache-2.0\n---\n';
    lab = await inBrowser.start(await makeUsedLab(folder, { name: 'sea', text, modelCard }));
    ({ page } = lab);
    saved = path.join(folder, 'saved');
  }, 5 * MINUTES);
  afterAll(async () => {
    await lab.quit();
    await rm(folder, { recursive: true });
  });

  /** By the keyboard. @returns what the file holds */
  async function download(button: string): Promise<string> {
    const coming = page.waitForEvent('download');
    await press(page, 'button', button);
    await (await coming).saveAs(saved);
    return readFile(saved, 'utf8');
  }

  it('leads from a finished run to an answer', async () => {
    await openRun(page, 'sea');
    await press(page, 'link', 'Ask why it works');
    await page.getByRole('heading', { level: 1, name: 'Why it works' }).waitFor();
    await press(page, 'button', 'Try it: Where do its words come from?');
    await page.getByText('Finished', { exact: true }).waitFor({ timeout: 2 * MINUTES });
    await page.getByRole('heading', { name: 'What was found', exact: true }).waitFor();
    await page.getByRole('img').first().waitFor();
    expect(await page.getByRole('region', { name: 'Overrides and the deep tail' }).textContent()).toContain(
      'from a summary of the paper',
    );
  });

  it('gives a report that needs nothing else, with the command that computes it again', async () => {
    const report = await download('Study report');
    expect(report).toContain('npm run lab -- analyse rank-origin --inputs');
    expect(report).toContain('<svg');
    expect(report).not.toContain('<script');
  });

  it('saves inputs and results, and the command line finds the same from the inputs', async () => {
    const { inputs, results } = JSON.parse(await download('Save as JSON'));
    const { code, stdout } = await commandLine('analyse', 'rank-origin', '--inputs', saved, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ inputs, results });
  });

  it('is not lost by a reload, and breaks nothing on the way', async () => {
    await page.reload();
    await page.getByRole('heading', { name: 'What was found', exact: true }).waitFor();
    expect([...lab.errors, ...lab.foreignRequests]).toEqual([]);
  });
});
