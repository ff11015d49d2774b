/** From a model and a text to a run, step by step, by the keyboard alone. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabUnderTest, Surface } from './lab-under-test.ts';
import { press, seesState, tabTo } from './paths.ts';

export function testWizard(surface: Surface): void {
  describe.skipIf(surface.missing)(`the way to a run, by the keyboard alone, in ${surface.name}`, () => {
    let folder: string;
    let lab: LabUnderTest;
    let page: Page;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
      lab = await surface.start(path.join(folder, 'data'));
      ({ page } = lab);
    });
    afterAll(async () => {
      await lab.quit();
      await rm(folder, { recursive: true });
    });

    const epochsField = () => page.getByLabel('How often it goes through the text');
    const startButton = () => page.getByRole('button', { name: 'Start', exact: true });

    async function goOn(question: string): Promise<void> {
      await press(page, 'button', 'Next');
      await page.getByRole('heading', { level: 2, name: question }).waitFor();
    }

    /** Of cards or of presets: the one that is chosen has the focus first, arrows choose the next. */
    async function choose(name: string): Promise<void> {
      await tabTo(page, page.locator('input[type=radio]:checked'));
      const target = page.getByRole('radio', { name });
      for (let presses = 0; presses < 10 && !(await target.isChecked()); presses++)
        await page.keyboard.press('ArrowDown');
      expect(await target.isChecked()).toBe(true);
    }

    async function setEpochs(epochs: string): Promise<void> {
      await tabTo(page, epochsField());
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(epochs);
    }

    it('leads over model, text and recipe to the layers', async () => {
      await press(page, 'link', 'Hyperfit');
      await page.getByRole('heading', { level: 2, name: 'Which model?' }).waitFor();
      await goOn('Which text should it know by heart?');
      await choose('Forest stories');
      await page.getByText('pieces to train on').waitFor();
      await goOn('How should it learn?');
      await choose('Try it now');
    });

    it('finds nothing to check where a setting is wrong, and says so', async () => {
      await tabTo(page, page.locator('summary', { hasText: 'Advanced' }));
      await page.keyboard.press('Enter');
      await setEpochs('0');
      await page.getByText('Write a whole number from 1 to 10,000.').waitFor();
      await goOn('Which layers learn?');
      await goOn('Will it work?');
      await page.getByText('Some setting is missing or wrong').waitFor();
      expect(await startButton().isDisabled()).toBe(true);
      await press(page, 'button', 'Recipe');
      await setEpochs('2');
      // What is put right stays in sight.
      expect(await epochsField().isVisible()).toBe(true);
      await goOn('Which layers learn?');
    });

    it('chooses layers with arrows and Space', async () => {
      await page.getByText('learn in blocks 4-8 of 8').waitFor();
      await tabTo(page, page.getByRole('option').first());
      await page.keyboard.press('End');
      await page.keyboard.press('Space');
      await page.getByText('learn in blocks 4-7 of 8').waitFor();
      await page.keyboard.press('Home');
      await page.keyboard.press('Space');
      await page.keyboard.press('Shift+ArrowRight');
      await page.getByText('learn in blocks 1-2, 4-7 of 8').waitFor();
    });

    it('says that it will work, and starts the run', async () => {
      await goOn('Will it work?');
      await page.getByRole('heading', { name: 'It will work' }).waitFor({ timeout: 120_000 });
      await tabTo(page, startButton());
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Starter model on Forest stories' }).waitFor();
      await seesState(page, 'Finished');
      await page.getByText('Epoch 2 of 2').first().waitFor();
    });

    it('breaks nothing on the way', () => {
      expect([...lab.errors, ...lab.foreignRequests]).toEqual([]);
    });
  });
}
