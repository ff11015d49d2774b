/** Every screen in every state, light and dark: nothing that shuts people out, and nothing wider than the window. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../cli/run-lab.ts';
import { ANALYSIS_STATES } from './analysis-states.ts';
import { barriersOf } from './barriers.ts';
import { inBrowser } from './browser-lab.ts';
import type { LabUnderTest } from './lab-under-test.ts';
import { chooseTheme, openRun, openScreen, tryItNow } from './paths.ts';
import { STATES } from './states.ts';
import { makeUsedLab } from './used-lab.ts';

const THEMES = ['light', 'dark'] as const;
/** The smallest window that the lab is made for. */
const SMALL = { width: 1024, height: 700 };

describe.skipIf(inBrowser.missing)('every screen in every state', () => {
  let folder: string;
  let lab: LabUnderTest;
  let page: Page;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
    const text = await readFile(path.join(ROOT, 'resources/samples/sea-stories.txt'), 'utf8');
    const modelCard = '---\nlicense: apache-2.0\n---\n';
    lab = await inBrowser.start(await makeUsedLab(folder, { name: 'sea', text, modelCard }));
    ({ page } = lab);
    await page.setViewportSize(SMALL);
  });
  afterAll(async () => {
    await lab.quit();
    await rm(folder, { recursive: true });
  });

  async function seesNoBarrier(): Promise<void> {
    expect(await barriersOf(page)).toEqual([]);
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth).toBe(clientWidth);
  }

  describe.each(THEMES)('%s', (theme) => {
    beforeAll(() => chooseTheme(page, theme));

    it.each([...STATES, ...ANALYSIS_STATES])('$name', async ({ open }) => {
      await open(page);
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
      await seesNoBarrier();
    });
  });

  it('a run that is being computed', async () => {
    await tryItNow(page);
    for (const theme of THEMES) {
      await chooseTheme(page, theme);
      await openScreen(page, 'Runs');
      await seesNoBarrier();
      await openRun(page, 'Try it now');
      await seesNoBarrier();
    }
  });

  it('breaks nothing on the way', () => {
    expect([...lab.errors, ...lab.foreignRequests]).toEqual([]);
  });
});
