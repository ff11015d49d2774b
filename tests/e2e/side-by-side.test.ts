/** A comparison that is looked into: by the keyboard alone, with expressions that run away, as files that leave and come back. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../cli/run-lab.ts';
import { inBrowser } from './browser-lab.ts';
import type { LabUnderTest } from './lab-under-test.ts';
import { openScreen, tabTo, writtenTexts } from './paths.ts';
import { makeUsedLab } from './used-lab.ts';

describe.skipIf(inBrowser.missing)('a comparison', () => {
  let folder: string;
  let lab: LabUnderTest;
  let page: Page;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
    const text = await readFile(path.join(ROOT, 'resources/samples/sea-stories.txt'), 'utf8');
    lab = await inBrowser.start(await makeUsedLab(folder, { name: 'sea', text, modelCard: '' }));
    ({ page } = lab);
    await openScreen(page, 'Side by side');
    await page.getByRole('region', { name: 'Earlier comparisons' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'The texts' }).waitFor();
  });
  afterAll(async () => {
    await lab.quit();
    await rm(folder, { recursive: true });
  });

  const focused = () => page.evaluate(() => document.activeElement?.id);

  async function keys(...names: string[]): Promise<void> {
    for (const name of names) await page.keyboard.press(name);
  }

  it('is walked through by the keyboard, from token to token and from text to text', async () => {
    await tabTo(page, page.locator('#text-0-0'));
    await keys('ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'ArrowDown');
    await expect.poll(focused).toBe('text-1-1');
    await keys('Enter');
    await page.getByText('Token 3 of').waitFor();
  });

  it('shows what else might stand there, and goes on with it', async () => {
    const other = page.getByRole('button', { name: 'continue from here' }).first();
    await tabTo(page, other);
    const chosen = (await other.locator('.piece').textContent())?.replace('␣', '').trim() ?? '';
    await keys('Enter');
    const branch = page.getByRole('region', { name: 'Continued from here' });
    await expect.poll(() => branch.locator('.text').textContent()).toContain(chosen);
    await expect.poll(async () => (await branch.locator('.text').textContent())?.length).toBeGreaterThan(40);
    await keys('Escape');
    await expect.poll(focused).toBe('text-1-1');
    expect(await branch.count()).toBe(0);
  });

  it('is voted on without a mouse, and tells who wrote what only afterwards', async () => {
    await page.getByLabel('All side by side').focus();
    await keys('ArrowRight', 'ArrowRight');
    await page.getByLabel('Your name').fill('Ada');
    const ballot = page.getByRole('region', { name: 'Which goes on better?' });
    await expect.poll(() => ballot.getByRole('heading', { level: 4 }).allTextContents()).toEqual(['A', 'B']);
    await ballot.press('2');
    await ballot.getByText('which you preferred').waitFor();
    await keys('Enter', 't');
    await page.getByText('2 of 2 voted').waitFor();
    await page.getByText('No preference once: equally good once, both bad never.').waitFor();
    await page.getByLabel('Blind vote').focus();
    await keys('ArrowLeft', 'ArrowLeft');
  });

  it('stops an expression that runs away with a message, and finds with the others all the same', async () => {
    await page.getByText('See where they differ').click();
    for (const expression of ['(.*.*.*.*)*z{99}', '[a-z]']) {
      await page.getByLabel('Words to look for').fill(expression);
      await keys('Enter');
    }
    await page.getByText('It was stopped: this expression takes too long').waitFor();
    await page.locator('mark.h1').first().waitFor();
  });

  it('leaves as files, and comes back from one', async () => {
    const texts = await writtenTexts(page);
    const files = new Map<string, string>();
    for (const name of ['Report (HTML)', 'Table (CSV)', 'For LLM Comparator (JSON)']) {
      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ]);
      files.set(path.extname(saved.suggestedFilename()), await readFile(await saved.path(), 'utf8'));
    }
    expect([...files.keys()]).toEqual(['.html', '.csv', '.json']);
    const file = path.join(folder, 'again.json');
    await writeFile(file, files.get('.json') ?? '');
    await openScreen(page, 'Side by side');
    await page.getByLabel(/JSON of this lab/).setInputFiles(file);
    await page.getByRole('heading', { name: 'The texts' }).waitFor();
    await expect.poll(async () => (await writtenTexts(page)).map(plain)).toEqual(texts.map(plain));
  });

  it('that was stopped says what is missing, and writes just that', async () => {
    await openScreen(page, 'Side by side');
    const chosen = page.getByRole('checkbox', { name: 'Starter model' });
    await chosen.check();
    await page.getByRole('button', { name: 'Once more, in another way' }).first().click();
    await page.getByLabel('How far they are continued').fill('200');
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await expect.poll(async () => (await writtenTexts(page)).join('').length).toBeGreaterThan(100);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Incomplete: it was stopped').waitFor();
    const missing = page.getByText(/No one has written all texts yet|Missing, whole or in part/);
    await missing.waitFor();
    await page.getByRole('button', { name: 'Write what is missing' }).click();
    await page.getByText('Finished', { exact: true }).waitFor();
    expect(await missing.count()).toBe(0);
    expect(await page.getByText('Not written.').count()).toBe(0);
  });

  it('breaks nothing on the way', () => {
    expect([...lab.errors, ...lab.foreignRequests]).toEqual([]);
  });
});

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
