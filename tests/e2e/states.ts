/** Every screen in every state that a used lab (used-lab.ts) can show without computing anything long. */
import type { Page } from 'playwright-core';
import { openScreen, type Screen } from './paths.ts';

export interface ScreenState {
  readonly name: string;
  /** From anywhere. */
  readonly open: (page: Page) => Promise<void>;
}

const STEPS = {
  Model: 'Which model?',
  Text: 'Which text should it know by heart?',
  Recipe: 'How should it learn?',
  Layers: 'Which layers learn?',
  'Check and start': 'Will it work?',
} as const;
type Step = keyof typeof STEPS;

export const STATES: readonly ScreenState[] = [
  { name: 'Home', open: (page) => openAnew(page, 'Home') },
  { name: 'Models', open: (page) => openAnew(page, 'Models') },
  {
    name: 'Models, one of a person',
    open: async (page) => {
      await openAnew(page, 'Models');
      await page.getByRole('list', { name: 'Models' }).getByRole('button').last().click();
      await page.getByRole('button', { name: 'Forget' }).waitFor();
    },
  },
  {
    name: 'Models, forgetting one',
    open: async (page) => {
      await openAnew(page, 'Models');
      await page.getByRole('list', { name: 'Models' }).getByRole('button').last().click();
      await page.getByRole('button', { name: 'Forget' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'Models, choosing a folder',
    open: async (page) => {
      await openAnew(page, 'Models');
      await page.getByRole('button', { name: 'Add a model' }).click();
      await page.getByRole('button', { name: 'Use this folder' }).waitFor();
    },
  },
  { name: 'Texts', open: (page) => openAnew(page, 'Texts') },
  {
    name: 'Texts, looking into one',
    open: async (page) => {
      await openAnew(page, 'Texts');
      await page.getByRole('button', { name: 'Look into it' }).last().click();
      await page.getByText('pieces to train on').waitFor();
    },
  },
  ...Object.keys(STEPS).map((step) => ({
    name: `Hyperfit, ${step}`,
    open: (page: Page) => openStep(page, step as Step),
  })),
  {
    name: 'Hyperfit, every setting',
    open: async (page) => {
      await openStep(page, 'Recipe');
      await page.getByText('Advanced').click();
    },
  },
  {
    name: 'Hyperfit, a setting that cannot be',
    open: spoilSetting,
  },
  {
    name: 'Hyperfit, nothing to check',
    open: async (page) => {
      await spoilSetting(page);
      await goToStep(page, 'Check and start');
      await page.getByText('Some setting is missing or wrong').waitFor();
    },
  },
  { name: 'Runs', open: (page) => openAnew(page, 'Runs') },
  {
    name: 'Runs, none found',
    open: async (page) => {
      await openAnew(page, 'Runs');
      await page.getByLabel('Search').fill('nothing is called so');
      await page.getByText('No run is like that').waitFor();
    },
  },
  {
    name: 'A finished run',
    open: async (page) => {
      await openAnew(page, 'Runs');
      await page.getByRole('main').getByRole('rowheader').getByRole('link').first().click();
      await page.getByRole('heading', { name: 'What it writes' }).waitFor();
    },
  },
  {
    name: 'Runs over each other',
    open: async (page) => {
      await openAnew(page, 'Runs');
      await page.getByLabel('Choose all that are shown').check();
      await page.getByRole('link', { name: 'over each other' }).click();
      await page.getByRole('heading', { level: 1, name: 'Runs over each other' }).waitFor();
    },
  },
  { name: 'Side by side', open: (page) => openAnew(page, 'Side by side') },
  {
    name: 'Side by side, one model in two ways',
    open: async (page) => {
      await openAnew(page, 'Side by side');
      await page.getByRole('group', { name: 'Models as they are' }).getByRole('checkbox').first().check();
      await page.getByRole('button', { name: 'Once more' }).click();
      await page.locator('summary').filter({ hasText: 'By chance' }).click();
      await page.getByLabel('How daring').waitFor();
    },
  },
  {
    name: 'Side by side, beginnings out of a run',
    open: async (page) => {
      await openAnew(page, 'Side by side');
      await page.getByText('From the text that a run has held out').click();
      await page.getByLabel('How long each is').fill('8');
      await page.getByRole('button', { name: 'Take these beginnings' }).click();
      await page.getByText('and how they really go on').waitFor();
    },
  },
  {
    name: 'A comparison',
    open: (page) => openComparison(page, 'All side by side'),
  },
  {
    name: 'A comparison, with everything marked',
    open: async (page) => {
      await openComparison(page, 'All side by side');
      await page.getByText('See where they differ').click();
      for (const mark of await page.getByRole('group', { name: 'Marked' }).getByRole('checkbox').all())
        await mark.check();
      await page.getByLabel('Words to look for').fill('the|and');
      await page.getByRole('button', { name: 'Highlight' }).click();
      await page.getByLabel('Words to look for').fill('(the');
      await page.getByRole('button', { name: 'Highlight' }).click();
      await page.getByText('This is no regular expression').waitFor();
      await page.locator('mark.h0').first().waitFor();
    },
  },
  {
    name: 'A comparison, one beginning at a time',
    open: async (page) => {
      await openComparison(page, 'One beginning at a time');
      await page.getByRole('heading', { name: 'As the human writer goes on' }).waitFor();
    },
  },
  {
    name: 'A comparison, a look at a token',
    open: async (page) => {
      await openComparison(page, 'All side by side');
      await page.locator('#text-0-0').focus();
      for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
      await page.getByText('What stands there').last().waitFor();
      await page.getByRole('button', { name: 'continue from here' }).first().click();
      await page.getByRole('region', { name: 'Continued from here' }).waitFor();
    },
  },
  {
    name: 'A blind vote',
    open: openVote,
  },
  {
    name: 'A blind vote, revealed',
    open: async (page) => {
      await openVote(page);
      await page.getByRole('region', { name: 'Which goes on better?' }).press('b');
      await page.getByText('which you preferred').waitFor();
      await page.getByRole('heading', { name: 'What the votes say' }).waitFor();
    },
  },
  {
    name: 'A comparison, letting one more write',
    open: async (page) => {
      await openComparison(page, 'All side by side');
      await page.getByText('Let one more write').click();
      await page.getByRole('group', { name: 'Models as they are' }).getByRole('checkbox').first().check();
      await page.getByLabel('What was said becomes less likely').waitFor();
    },
  },
  {
    name: 'Settings, removing TensorFlow',
    open: async (page) => {
      await openAnew(page, 'Settings');
      const card = page.getByRole('group', { name: 'TensorFlow' });
      await card.getByText('What works where').click();
      await card.getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  { name: 'Settings', open: (page) => openAnew(page, 'Settings') },
];

/** Nothing of the state before is left. */
async function openAnew(page: Page, screen: Screen): Promise<void> {
  await page.reload();
  await openScreen(page, screen);
}

async function openComparison(page: Page, way: string): Promise<void> {
  await openAnew(page, 'Side by side');
  await page.getByRole('region', { name: 'Earlier comparisons' }).getByRole('link').first().click();
  await page.getByRole('heading', { name: 'In words' }).waitFor();
  await page.getByText(way, { exact: true }).click();
}

/** Each time another person's, as nobody votes twice. */
async function openVote(page: Page): Promise<void> {
  await openComparison(page, 'Blind vote');
  await page.getByLabel('Your name').fill(`Voter at ${performance.now()}`);
  await page.getByRole('region', { name: 'Which goes on better?' }).waitFor();
}

async function openStep(page: Page, step: Step): Promise<void> {
  await openAnew(page, 'Hyperfit');
  await goToStep(page, step);
}

async function goToStep(page: Page, step: Step): Promise<void> {
  await page
    .getByRole('list', { name: 'Steps' })
    .getByRole('button', { name: `. ${step}` })
    .click();
  await page.getByRole('heading', { level: 2, name: STEPS[step] }).waitFor();
}

async function spoilSetting(page: Page): Promise<void> {
  await openStep(page, 'Recipe');
  await page.getByText('Advanced').click();
  await page.getByLabel('How often it goes through the text').fill('0');
  await page.getByText('Write a whole number').waitFor();
}
