/** The whole way of a person through the lab in the browser: by mouse, by keyboard, over reloads and crashes. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../cli/run-lab.ts';
import { BrowserLab, missingBrowser } from './browser-lab.ts';

const MINUTES = 60_000;
const SCREENS = ['Home', 'Models', 'Texts', 'Hyperfit', 'Runs', 'Side by side'];

function enginesOf(server: number): number[] {
  try {
    const found = execFileSync('pgrep', ['-P', String(server), '-f', 'engine-process'], { encoding: 'utf8' });
    return found.trim().split('\n').map(Number);
  } catch {
    return [];
  }
}

/** Tabs on until the element with this name has the focus, as people without a mouse do. */
async function tabTo(page: Page, role: 'button' | 'link', name: string | RegExp): Promise<void> {
  const target = page.getByRole(role, { name }).first();
  await target.waitFor();
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not come to "${name}".`);
}

const title = 'the lab in the browser';
describe.skipIf(missingBrowser)(missingBrowser ? `${title}: ${missingBrowser}` : title, () => {
  let folder: string;
  let lab: BrowserLab;
  let page: Page;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
    lab = await BrowserLab.start(folder);
    ({ page } = lab);
  });
  afterAll(async () => {
    await lab.stop();
    await rm(folder, { recursive: true });
  });

  it.each(['light', 'dark'] as const)('has no screen that shuts people out (%s)', async (theme) => {
    await page.getByLabel('Theme').selectOption(theme);
    for (const screen of SCREENS) {
      await page.getByRole('navigation').getByRole('link', { name: screen }).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [screen, id, nodes.map(({ html }) => html)])).toEqual([]);
    }
  });

  it('leads by keyboard alone from Home to a run, which a reload and a second tab show as it is', async () => {
    await page.goto(new URL('/#/', page.url()).href);
    await tabTo(page, 'button', 'Try it now');
    await page.keyboard.press('Enter');
    await page.getByText(/Epoch [1-9]\d* of 20/).waitFor({ timeout: MINUTES });
    await page.reload();
    await page.getByText(/Epoch [1-9]\d* of 20/).waitFor();
    const rows = page.getByRole('table').getByRole('row');
    await expect.poll(() => rows.count()).toBeGreaterThan(2);
    const second = await lab.secondTab();
    await second.getByRole('navigation').getByRole('link', { name: /Runs/ }).click();
    await second.getByText('Training', { exact: true }).waitFor();
    await second.close();
  });

  it('says that a killed engine can go on, and goes on', async () => {
    for (const engine of enginesOf(lab.server.pid!)) process.kill(engine, 'SIGKILL');
    await page.getByText('Interrupted, can go on').waitFor();
    await expect.poll(() => page.getByRole('alert').first().textContent()).toContain('memory ran out');
    await tabTo(page, 'button', 'Go on');
    await page.keyboard.press('Enter');
    await page.getByText('Training', { exact: true }).waitFor();
  });

  it(
    'keeps all when the whole lab is killed in the middle of a run',
    async () => {
      await page.getByText(/Epoch [3-9] of 20/).waitFor({ timeout: MINUTES });
      const engines = enginesOf(lab.server.pid!);
      await lab.stop('SIGKILL');
      // The engine sees that its lab is gone, keeps a checkpoint and ends.
      for (const engine of engines)
        await expect.poll(() => isAlive(engine), { timeout: MINUTES }).toBe(false);
      lab = await BrowserLab.start(folder);
      ({ page } = lab);
      await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click();
      await page.getByText('Interrupted, can go on').waitFor();
      await page.getByRole('link', { name: 'Try it now' }).click();
      await expect.poll(() => page.getByRole('table').getByRole('row').count()).toBeGreaterThan(4);
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByText('Finished', { exact: true }).waitFor({ timeout: 4 * MINUTES });
      const epochs = await page.getByRole('table').getByRole('rowheader').allTextContents();
      expect(epochs).toEqual(Array.from({ length: 21 }, (_, epoch) => String(epoch)));
    },
    10 * MINUTES,
  );

  it('writes the texts before and after, side by side', async () => {
    await page.getByRole('link', { name: 'See the texts side by side' }).click();
    await page.getByLabel('How far they are continued').fill('64');
    await page.getByRole('button', { name: 'Write' }).click();
    await page.getByRole('heading', { name: 'The texts' }).waitFor({ timeout: 2 * MINUTES });
    expect(await page.locator('article.card').count()).toBe(8);
    expect(await page.locator('article.card').first().textContent()).toMatch(/^Before.{40}/s);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  it('refuses in words what it cannot use', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Models' }).click();
    await page.getByRole('button', { name: 'Add a model' }).click();
    await page.getByRole('textbox', { name: 'Folder' }).fill('/nowhere/at/all');
    await page.getByRole('button', { name: 'Use this folder' }).click();
    await expect.poll(() => page.getByRole('alert').last().textContent()).toContain('/nowhere/at/all');
  });

  it('has sent nothing anywhere else, and no page has thrown', () => {
    expect(lab.foreignRequests).toEqual([]);
    expect(lab.errors).toEqual([]);
  });
});
