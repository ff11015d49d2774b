/**
 * `npm run pictures`: the README's pictures of the lab, taken from the running app in Debian's Chromium while a person's
 * whole way is gone through. The screens show where the lab lies: take them from a copy in a place such as
 * /opt/hyperfit-lab, so that they show nobody's own folders.
 */
import { rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { inBrowser } from '../../tests/e2e/browser-lab.ts';
import { chooseTheme, openRun, openScreen, reachEpoch, seesState, tryItNow } from '../../tests/e2e/paths.ts';

const PICTURES = path.join(import.meta.dirname, '../../resources/pictures');
const SIZE = { width: 1280, height: 800 };
/** The README is fetched with all of them. */
const LARGEST_BYTES = 250_000;
/** For charts to come to rest. */
const REST_MILLISECONDS = 1_500;
/** At most; half a minute where a processor stands in for a graphics card. */
const SPEED_TEST_MILLISECONDS = 300_000;

const dataFolder = path.join(os.tmpdir(), 'hyperfit-lab');
await rm(dataFolder, { recursive: true, force: true });
const lab = await inBrowser.start(dataFolder);
try {
  await lab.page.setViewportSize(SIZE);
  await chooseTheme(lab.page, 'light');
  await takePictures(lab.page);
} finally {
  await lab.quit();
  await rm(dataFolder, { recursive: true, force: true });
}

async function takePictures(page: Page): Promise<void> {
  await tryItNow(page);
  await seesState(page, 'Finished');
  await take(page, 'run');
  await chooseTheme(page, 'dark');
  await openRun(page, 'Try it now');
  await take(page, 'run-dark');
  await chooseTheme(page, 'light');
  await openRun(page, 'Try it now');
  await page.getByRole('link', { name: 'See the texts side by side' }).click();
  await page.getByRole('button', { name: 'Write' }).click();
  await seesState(page, 'Finished');
  await page.getByRole('heading', { name: 'The texts' }).evaluate((heading) => heading.scrollIntoView());
  await take(page, 'side-by-side');
  await openScreen(page, 'Why it works');
  await page.getByRole('button', { name: 'Try it: Where do its words come from?' }).click();
  await seesState(page, 'Finished');
  await page.getByRole('heading', { name: 'What was found' }).evaluate((heading) => heading.scrollIntoView());
  await take(page, 'why-it-works');

  await tryItNow(page);
  await reachEpoch(page, 3);
  await page.getByRole('button', { name: 'Pause' }).click();
  await seesState(page, 'Paused');
  await openScreen(page, 'Runs');
  await take(page, 'runs');
  await openScreen(page, 'Home');
  await take(page, 'home');
  await openScreen(page, 'Models');
  await take(page, 'models');
  await openScreen(page, 'Texts');
  await page.getByRole('button', { name: 'Look into it' }).first().click();
  await page.getByRole('main').getByRole('heading', { level: 2 }).first().waitFor();
  await take(page, 'text');
  await openScreen(page, 'Hyperfit');
  await page.getByRole('button', { name: '4. Layers' }).click();
  await page.getByRole('radio', { name: 'The last blocks' }).check();
  await take(page, 'hyperfit');
  await openScreen(page, 'Settings');
  await page.getByRole('button', { name: 'Measure' }).click();
  await page.getByRole('button', { name: 'Stop measuring' }).waitFor();
  await page
    .getByRole('button', { name: 'Measure', exact: true })
    .waitFor({ timeout: SPEED_TEST_MILLISECONDS });
  await page.getByRole('group', { name: 'Speed test' }).evaluate((group) => group.scrollIntoView());
  await take(page, 'settings');
}

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.waitForTimeout(REST_MILLISECONDS);
  const file = path.join(PICTURES, `${name}.png`);
  await page.screenshot({ path: file });
  const { size } = await stat(file);
  if (size > LARGEST_BYTES) throw new Error(`${file} has ${size} bytes, more than ${LARGEST_BYTES}.`);
  process.stdout.write(`${name}  ${Math.round(size / 1000)} kB\n`);
}
