/** The states of "Why it works", as states.ts has those of the other screens. */
import type { Page } from 'playwright-core';
import { openScreen } from './paths.ts';
import type { ScreenState } from './states.ts';

export const ANALYSIS_STATES: readonly ScreenState[] = [
  { name: 'Why it works', open: openAnew },
  {
    name: 'Why it works, every setting of an experiment on a run',
    open: (page) => openSettings(page, 'Does it just like some words more?'),
  },
  {
    name: 'Why it works, every setting of one that trains',
    open: (page) => openSettings(page, 'Which layers must learn?'),
  },
  {
    name: 'Why it works, a setting that cannot be',
    open: async (page) => {
      await openSettings(page, 'Which text should it learn?');
      await page.getByLabel('How many texts').fill('0');
      await page.getByText('Write a whole number').waitFor();
    },
  },
  { name: 'An experiment with its own picture', open: (page) => openExperiment(page, 'Not temperature') },
  {
    name: 'An experiment, all that is said of its figures and tables',
    open: async (page) => {
      await openExperiment(page, 'Where the words come from');
      for (const words of ['The numbers', 'What the columns mean'])
        await page.getByText(words, { exact: true }).first().click();
    },
  },
  {
    name: 'An experiment, removing it',
    open: async (page) => {
      await openExperiment(page, 'Where the words come from');
      await page.getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'An experiment, renaming it',
    open: async (page) => {
      await openExperiment(page, 'Where the words come from');
      await page.getByRole('button', { name: 'Rename' }).click();
    },
  },
];

async function openAnew(page: Page): Promise<void> {
  await page.reload();
  await openScreen(page, 'Why it works');
  await page.getByRole('heading', { name: 'Earlier experiments' }).waitFor();
}

async function openSettings(page: Page, question: string): Promise<void> {
  await openAnew(page);
  await page.getByRole('link', { name: `Settings first: ${question}` }).click();
  await page.getByText('Advanced').click();
}

async function openExperiment(page: Page, name: string): Promise<void> {
  await openAnew(page);
  await page.getByRole('region', { name: 'Earlier experiments' }).getByRole('link', { name }).click();
  await page.getByRole('heading', { name: 'How it was computed' }).waitFor();
}
