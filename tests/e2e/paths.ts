/** How a person comes from here to there: what the tests know of each screen, in one place. */
import type { Locator, Page } from 'playwright-core';
import type { LabUnderTest } from './lab-under-test.ts';

export const SCREENS = [
  'Home',
  'Models',
  'Texts',
  'Hyperfit',
  'Runs',
  'Side by side',
  'Why it works',
  'Settings',
] as const;
export type Screen = (typeof SCREENS)[number];

/** Epochs of "Try it now". */
const EPOCHS = 20;
/** All that can have the focus on the longest screen. */
const MOST_TABS = 100;
/** Patience for a machine that has much else to do; idle, all of it takes a minute. */
const TRAINING_MILLISECONDS = 8 * 60_000;

export async function openScreen(page: Page, screen: Screen): Promise<void> {
  const link = page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen });
  await link.click();
  // Until its code has come, the screen before is still there.
  await link.and(page.locator('[aria-current=page]')).waitFor();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

export async function chooseTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await openScreen(page, 'Settings');
  await page.getByLabel('Theme').selectOption(theme);
}

/** By the keyboard alone. */
export async function tryItNow(page: Page): Promise<void> {
  await openScreen(page, 'Home');
  await press(page, 'button', 'Try it now');
  await reachEpoch(page, 1);
}

/** Of the run that is shown. */
export async function reachEpoch(page: Page, epoch: number): Promise<void> {
  const reached = Array.from({ length: EPOCHS - epoch + 1 }, (_, more) => epoch + more).join('|');
  await page
    .getByText(new RegExp(`Epoch (${reached}) of ${EPOCHS}`))
    .first()
    .waitFor({ timeout: TRAINING_MILLISECONDS });
}

export async function openRun(page: Page, name: string): Promise<void> {
  await openScreen(page, 'Runs');
  await page.getByRole('main').getByRole('link', { name }).first().click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

export async function seesState(
  page: Page,
  state: 'Training' | 'Interrupted, can go on' | 'Paused' | 'Finished',
): Promise<void> {
  await page
    .getByRole('main')
    .getByText(state, { exact: true })
    // Not the choices of a list that is closed.
    .filter({ visible: true })
    .first()
    .waitFor({ timeout: TRAINING_MILLISECONDS });
}

/** Of the table of epochs on a run's screen. */
export function epochRows(page: Page): Promise<string[]> {
  return page.getByRole('region', { name: 'Numbers of each epoch' }).getByRole('rowheader').allTextContents();
}

export async function writeSideBySide(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'See the texts side by side' }).click();
  await page.getByLabel('How far they are continued').fill('64');
  await page.getByRole('button', { name: 'Write' }).click();
  await page.getByRole('heading', { name: 'The texts' }).waitFor({ timeout: TRAINING_MILLISECONDS });
}

/** @returns what each text on the side-by-side screen is, below the name of who wrote it */
export function writtenTexts(page: Page): Promise<string[]> {
  return page.getByRole('region', { name: 'Texts side by side' }).getByRole('article').allTextContents();
}

export async function addModel(lab: LabUnderTest, folder: string): Promise<void> {
  await openScreen(lab.page, 'Models');
  await lab.chooseFolder(folder, () => lab.page.getByRole('button', { name: 'Add a model' }).click());
}

/** In the middle of the page. */
export async function dropFile(page: Page, file: string): Promise<void> {
  const [x, y] = await page.evaluate(() => [window.innerWidth / 2, window.innerHeight / 2] as const);
  const browser = await page.context().newCDPSession(page);
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await browser.send('Input.dispatchDragEvent', { type, x, y, data });
  await browser.detach();
}

/** By the keyboard, as people without a mouse do. */
export async function press(page: Page, role: 'button' | 'link', name: string): Promise<void> {
  await tabTo(page, page.getByRole(role, { name }).first());
  await page.keyboard.press('Enter');
}

/** Tabs on until it has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < MOST_TABS; presses++) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not come to ${target}.`);
}
