/** Names and texts from outside are shown as text, whatever they hold. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE_LICENCE, HOSTILE_NAME, makeHostileLab, OVERRIDE } from './hostile-lab.ts';
import type { LabUnderTest, Surface } from './lab-under-test.ts';
import { openRun, openScreen, SCREENS, writtenTexts } from './paths.ts';

/** What a page holds that it should not. */
function findTraces(page: Page): Promise<object> {
  return page.evaluate((override) => {
    const elements = [...document.querySelectorAll('*')];
    const holders = elements.filter(({ childNodes }) =>
      [...childNodes].some((node) => node instanceof Text && node.data.includes(override)),
    );
    return {
      isStolen: 'stolen' in window,
      handlers: elements.filter(({ attributes }) => [...attributes].some(({ name }) => name.startsWith('on')))
        .length,
      pictures: document.querySelectorAll('img[src=x]').length,
      // Where letters turn their direction, <bdi> keeps the words around them in order.
      turned: holders
        .filter((holder) => !holder.closest('bdi, option, textarea, .visually-hidden'))
        .map(({ outerHTML }) => outerHTML.slice(0, 200)),
    };
  }, OVERRIDE);
}

const NOTHING = { isStolen: false, handlers: 0, pictures: 0, turned: [] };

export function testHostileNames(surface: Surface): void {
  describe.skipIf(surface.missing)(`names and texts that try to be more, in ${surface.name}`, () => {
    let folder: string;
    let lab: LabUnderTest;
    let page: Page;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
      lab = await surface.start(await makeHostileLab(folder));
      ({ page } = lab);
    });
    afterAll(async () => {
      await lab.quit();
      await rm(folder, { recursive: true });
    });

    it.each(SCREENS)('are text on the screen "%s"', async (screen) => {
      await openScreen(page, screen);
      if (screen === 'Models' || screen === 'Texts' || screen === 'Runs')
        await page.getByText('<img src=x onerror=').first().waitFor();
      expect(await findTraces(page)).toEqual(NOTHING);
    });

    it("are text on a run's screen, with what the model has written", async () => {
      await openRun(page, '<img src=x onerror=');
      await page.getByText('once upon a time').first().waitFor();
      for (const picture of await page.locator('canvas').all()) await picture.hover();
      expect(await findTraces(page)).toEqual(NOTHING);
      await page.getByText(HOSTILE_NAME).first().waitFor();
    });

    it("are text in a model's details, its licence too", async () => {
      await openScreen(page, 'Models');
      await page.getByRole('list', { name: 'Models' }).getByRole('button', { name: '<img src=x' }).click();
      await page.getByText(HOSTILE_LICENCE).waitFor();
      expect(await findTraces(page)).toEqual(NOTHING);
    });

    it('are text where a megabyte in one line is looked into', async () => {
      await openScreen(page, 'Texts');
      await page.getByRole('button', { name: 'Look into it <img src=x' }).click();
      await page.getByText('pieces to train on').waitFor();
      await page.getByText('<script>window.stolen=1</script>').first().waitFor();
      expect(await findTraces(page)).toEqual(NOTHING);
    });

    it('are text in a comparison of runs, and in its measures', async () => {
      await openScreen(page, 'Side by side');
      await page.getByRole('link', { name: '<img src=x' }).click();
      await page.getByRole('heading', { name: 'In words' }).waitFor();
      await expect.poll(() => writtenTexts(page)).toHaveLength(6);
      expect(await findTraces(page)).toEqual(NOTHING);
    });

    it('send nothing and break nothing', () => {
      expect(lab.foreignRequests).toEqual([]);
      expect(lab.errors).toEqual([]);
    });
  });
}
