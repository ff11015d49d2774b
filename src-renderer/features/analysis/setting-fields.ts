/** What may be set of an experiment: the plain name, the field's term, what it means. */
import type { ExperimentKind } from '../../../src-preload/contract/endpoints/experiments.ts';
import { isAboutRun } from './questions.ts';
import type { Settings } from './settings.ts';

export interface SettingField {
  readonly field: keyof Settings;
  /** Lists are written with commas. */
  readonly input: 'number' | 'list' | 'switch';
  readonly label: string;
  readonly term: string;
  readonly help: string;
  /** Of a number, and of each number of a list. */
  readonly minimum: number;
  readonly maximum: number;
}

function count(
  field: keyof Settings,
  maximum: number,
  words: Pick<SettingField, 'label' | 'term' | 'help'>,
): SettingField {
  return { field, input: 'number', minimum: 1, maximum, ...words };
}

const READING: readonly SettingField[] = [
  count('texts', 300, {
    label: 'How many texts',
    term: 'held-out texts',
    help: 'Taken from what was kept aside in training, as many as there are at most. More: surer numbers, more time.',
  }),
  count('promptTokens', 512, {
    label: 'Length of the beginnings',
    term: 'prompt tokens',
    help: 'Words and parts of words that are given of each text. The papers give 32.',
  }),
  count('maxNewTokens', 4_000, {
    label: 'How far they are continued',
    term: 'tokens',
    help: 'Repetition shows in long texts only. A model writes no further than it can look back.',
  }),
];
const SEED: SettingField = {
  ...count('seed', 2 ** 31 - 1, {
    label: 'Number that chance begins with',
    term: 'seed',
    help: 'The same number gives the same result, to the last digit, on one computer.',
  }),
  minimum: 0,
};
const EPOCHS = count('epochs', 1_000, {
  label: 'How often each model goes through the text',
  term: 'epochs',
  help: 'Fewer are faster; hyperfitting wants almost no mistakes on the text, which takes about twenty.',
});

const OWN: Partial<Record<ExperimentKind, readonly SettingField[]>> = {
  'static-injection': [
    count('topTokens', 100_000, {
      label: 'How many words are lifted',
      term: 'K, tokens with the largest rank gain',
      help: '500 in Li et al. 2026, by summaries of the paper.',
    }),
    {
      field: 'strengths',
      input: 'list',
      label: 'How strongly',
      term: 'α',
      help: 'Numbers with commas between, smallest first; at least two.',
      minimum: 0.0001,
      maximum: 100,
    },
  ],
  strategies: [
    {
      field: 'isSweep',
      input: 'switch',
      label: 'Instead: adapters on the last block alone, on the last two, … on all',
      term: 'sweep over K',
      help: 'One model for each number of blocks, so it takes longer the more blocks a model has.',
      minimum: 0,
      maximum: 1,
    },
  ],
  'data-size': [
    {
      field: 'sizes',
      input: 'list',
      label: 'How many pieces of text',
      term: 'training windows',
      help: 'Numbers with commas between, at least two; each gets a model of its own.',
      minimum: 1,
      maximum: 1_000_000,
    },
  ],
  order: [
    {
      ...count('orders', 16, {
        label: 'How many orders',
        term: 'runs',
        help: 'Each gets a model of its own; all are compared with all.',
      }),
      minimum: 2,
    },
  ],
};

export function fieldsOf(kind: ExperimentKind): readonly SettingField[] {
  if (kind === 'learning-curve') return [];
  return [...(OWN[kind] ?? []), ...READING, ...(isAboutRun(kind) ? [SEED] : [EPOCHS])];
}

/** What is wrong with a setting, in words; "" where it is right. */
export function settingProblem({ input, field, minimum, maximum }: SettingField, settings: Settings): string {
  if (input === 'switch') return '';
  const values = [settings[field]].flat().map(Number);
  const isWhole = field !== 'strengths';
  const isRight = (value: number) =>
    value >= minimum && value <= maximum && (!isWhole || Number.isInteger(value));
  const range = `from ${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`;
  if (input === 'number') return values.every(isRight) ? '' : `Write a whole number ${range}.`;
  if (values.length < 2) return 'Write at least two numbers, with commas between.';
  return values.every(isRight)
    ? ''
    : `Write ${isWhole ? 'whole numbers' : 'numbers'} ${range}, with commas between.`;
}

/** "32, 16, 8" as numbers; what is none becomes NaN. */
export function numbersIn(text: string): number[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '').map(Number);
}
