/** Models and texts of a person's own, by the screens: read, chosen, kept, moved, and found again. */
import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../cli/run-lab.ts';
import { sampleText } from '../cli/sample-text.ts';
import { barriersOf } from './barriers.ts';
import { inBrowser } from './browser-lab.ts';
import type { LabUnderTest } from './lab-under-test.ts';
import { addModel, openScreen } from './paths.ts';

const OVERRIDE = '\u202e';

describe.skipIf(inBrowser.missing)('models and texts of a person', () => {
  let folder: string;
  let lab: LabUnderTest;
  let page: Page;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
    lab = await inBrowser.start(path.join(folder, 'data'));
    ({ page } = lab);
  });
  afterAll(async () => {
    await lab.quit();
    await rm(folder, { recursive: true });
  });

  async function seesNoBarrier(): Promise<void> {
    expect(await barriersOf(page)).toEqual([]);
  }

  it('a table is shown as it is, its columns are chosen, and it is kept with them', async () => {
    const file = path.join(folder, 'table.csv');
    const rows = [
      `1,<b>${OVERRIDE}What?</b>,${sampleText()}`,
      '2,And?,',
      `3,"A long
one","${'x'.repeat(5000)}"`,
    ];
    await writeFile(file, ['id,question,answer', ...rows].join('\n'));
    await openScreen(page, 'Texts');
    await page.getByRole('button', { name: 'Add a text' }).click();
    await page.getByRole('textbox', { name: 'Folder or file' }).fill(file);
    await page.getByRole('button', { name: 'Use this file' }).click();
    await page.getByText('has several columns').waitFor();
    expect(await page.getByRole('button', { name: 'Keep this text' }).isDisabled()).toBe(true);
    await page.getByText('<b>[U+202E]What?</b>').waitFor();
    await page.getByText('4,400 more characters').waitFor();
    await page.getByLabel('Where the text is').selectOption('answer');
    await page.getByText('1 × Empty: left out').waitFor();
    await page.getByText('pieces to train on').waitFor();
    await seesNoBarrier();
    await page.getByRole('button', { name: 'Keep this text' }).click();
    await page.getByText(/Table \(CSV\).*: 2 texts/).waitFor();
    await page.getByRole('button', { name: 'Look into it table.csv' }).click();
    await expect.poll(() => page.getByLabel('Where the text is').inputValue()).toBe('answer');
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Texts' }).waitFor();
  });

  it('a model that was moved is found again', async () => {
    const [before, after] = [path.join(folder, 'before'), path.join(folder, 'after')];
    await cp(path.join(FIXTURES, 'llama'), before, { recursive: true });
    await addModel(lab, before);
    const models = page.getByRole('list', { name: 'Models' });
    await models.getByRole('button', { name: 'before' }).waitFor();
    await rename(before, after);
    await page.reload();
    await models.getByRole('button', { name: 'before' }).click();
    await seesNoBarrier();
    await lab.chooseFolder(after, () => page.getByRole('button', { name: 'Where is it now?' }).click());
    await models.getByRole('button', { name: 'after', exact: false }).waitFor();
    await expect.poll(() => page.getByText('Not there any more').count()).toBe(0);
  });

  it('breaks nothing on the way, and sends nothing anywhere else', () => {
    expect([...lab.errors, ...lab.foreignRequests]).toEqual([]);
  });
});
