/** The whole way of a person through the lab, on any surface: by mouse, by keyboard, over reloads and crashes. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, ROOT } from '../cli/run-lab.ts';
import { barriersOf } from './barriers.ts';
import { enginesOf, type LabUnderTest, type Surface } from './lab-under-test.ts';
import {
  addModel,
  chooseTheme,
  dropFile,
  epochRows,
  openRun,
  openScreen,
  press,
  reachEpoch,
  SCREENS,
  seesState,
  tryItNow,
  writeSideBySide,
  writtenTexts,
} from './paths.ts';

const MINUTES = 60_000;

export function testWholeWay(surface: Surface): void {
  const title = `the lab in ${surface.name}`;
  describe.skipIf(surface.missing)(surface.missing ? `${title}: ${surface.missing}` : title, () => {
    let folder: string;
    let lab: LabUnderTest;
    let page: Page;
    const started: LabUnderTest[] = [];

    async function start(): Promise<void> {
      lab = await surface.start(path.join(folder, 'data'));
      started.push(lab);
      ({ page } = lab);
    }

    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
      await start();
    });
    afterAll(async () => {
      await lab.quit();
      await rm(folder, { recursive: true });
    });

    it.each(['light', 'dark'] as const)('has no screen that shuts people out (%s)', async (theme) => {
      await chooseTheme(page, theme);
      for (const screen of SCREENS) {
        await openScreen(page, screen);
        expect(await barriersOf(page), screen).toEqual([]);
      }
    });

    it('leads by keyboard alone from Home to a run, which a reload shows as it is', async () => {
      await tryItNow(page);
      await page.reload();
      await reachEpoch(page, 1);
      await expect.poll(() => epochRows(page).then((rows) => rows.length)).toBeGreaterThan(1);
    });

    it('says that a killed engine can go on, and goes on', async () => {
      for (const engine of enginesOf(lab)) process.kill(engine, 'SIGKILL');
      await seesState(page, 'Interrupted, can go on');
      await expect.poll(() => page.getByRole('alert').first().textContent()).toContain('memory ran out');
      await press(page, 'button', 'Go on');
      await seesState(page, 'Training');
    });

    it(
      'keeps all when the whole lab is killed in the middle of a run',
      async () => {
        await reachEpoch(page, 3);
        const engines = enginesOf(lab);
        await lab.kill();
        // An engine sees that its lab is gone, and ends.
        for (const engine of engines)
          await expect.poll(() => isAlive(engine), { timeout: MINUTES }).toBe(false);
        await start();
        await openRun(page, 'Try it now');
        await seesState(page, 'Interrupted, can go on');
        await expect.poll(() => epochRows(page).then((rows) => rows.length)).toBeGreaterThan(3);
        await page.getByRole('button', { name: 'Go on' }).click();
        await seesState(page, 'Finished');
        await expect
          .poll(() => epochRows(page))
          .toEqual(Array.from({ length: 21 }, (_, epoch) => String(epoch)));
      },
      20 * MINUTES,
    );

    it('writes the texts before and after, side by side', async () => {
      await writeSideBySide(page);
      await expect.poll(() => writtenTexts(page)).toHaveLength(8);
      await expect.poll(async () => (await writtenTexts(page))[0]).toMatch(/.{60}/s);
      expect(await barriersOf(page)).toEqual([]);
    });

    it('refuses in words what it cannot use', async () => {
      await addModel(lab, '/nowhere/at/all');
      await expect.poll(() => page.getByRole('alert').last().textContent()).toContain('/nowhere/at/all');
    });

    it('stays when a file is dropped where none belongs', async () => {
      await openScreen(page, 'Settings');
      const opened = page.context().waitForEvent('page', { timeout: 2000 });
      await dropFile(page, path.join(ROOT, 'README.md'));
      await expect(opened).rejects.toThrow('Timeout');
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    });

    it('has sent nothing anywhere else, and no page has thrown', () => {
      expect(started.flatMap(({ foreignRequests }) => foreignRequests)).toEqual([]);
      expect(started.flatMap(({ errors }) => errors)).toEqual([]);
    });
  });
}
