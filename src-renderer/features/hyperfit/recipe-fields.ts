/**
 * What every field of a recipe is called, means and may hold: the wizard asks by it, and others may name fields by it. The
 * plain name comes first, the field's term second.
 */
import type { Recipe } from '../../../src-preload/contract/endpoints/recipes.ts';

export type RecipeField = keyof Recipe;

export type FieldInput =
  | {
      readonly kind: 'number';
      readonly minimum: number;
      readonly maximum: number;
      readonly whole: boolean;
      readonly unit?: string;
      /** What an empty field means; without it, a number is needed. */
      readonly empty?: string;
    }
  | { readonly kind: 'choice'; readonly options: Readonly<Record<string, string>> }
  | { readonly kind: 'switch' }
  /** Names of linear modules, or all. */
  | { readonly kind: 'modules' };

export interface FieldGuide {
  readonly field: Exclude<RecipeField, 'scope'>;
  readonly label: string;
  readonly term: string;
  readonly help: string;
  readonly input: FieldInput;
}

function count(minimum: number, maximum: number, unit = '', empty = ''): FieldInput {
  return { kind: 'number', minimum, maximum, whole: true, unit, empty };
}

/** Groups in the order in which they are shown. */
export const FIELD_GROUPS: Readonly<Record<string, readonly FieldGuide[]>> = {
  'How it learns': [
    {
      field: 'epochs',
      label: 'How often it goes through the text',
      term: 'epochs',
      help: 'More: fewer mistakes on the text. Hyperfitting wants almost none.',
      input: count(1, 10_000, 'times'),
    },
    {
      field: 'learningRate',
      label: 'How large its steps are',
      term: 'learning rate',
      help: 'Too large, and the loss is no number any more: the run stops and says so.',
      input: { kind: 'number', minimum: 1e-9, maximum: 1, whole: false },
    },
    {
      field: 'batch',
      label: 'Pieces of text in one step',
      term: 'batch size',
      help: 'More: steadier steps, but fewer of them, and more memory.',
      input: count(1, 1024, 'windows'),
    },
    {
      field: 'microBatch',
      label: 'Pieces computed at a time',
      term: 'micro-batch, gradient accumulation',
      help: 'Fewer: less memory, a little slower, and the same result but for rounding. Best a number that divides the pieces in one step.',
      input: count(1, 1024, 'windows', 'all of a step'),
    },
    {
      field: 'recomputeAttention',
      label: 'Compute attention twice instead of keeping it',
      term: 'activation checkpointing',
      help: 'Less memory where pieces of text are long, a little slower, and the same result.',
      input: { kind: 'switch' },
    },
    {
      field: 'optimizer',
      label: 'How steps are made from errors',
      term: 'optimizer',
      help: 'AdamW is Adam that can also make weights smaller.',
      input: { kind: 'choice', options: { adam: 'Adam', adamw: 'AdamW' } },
    },
    {
      field: 'weightDecay',
      label: 'How much weights shrink',
      term: 'weight decay',
      help: 'With AdamW only. Hyperfitting uses little or none: it would keep the model from learning by heart.',
      input: { kind: 'number', minimum: 0, maximum: 1, whole: false },
    },
    {
      field: 'schedule',
      label: 'How the step size changes',
      term: 'learning rate schedule',
      help: 'It may stay the same, begin small, or begin small and fade out at the end.',
      input: {
        kind: 'choice',
        options: { constant: 'Stays the same', warmup: 'Begins small', cosine: 'Begins small, fades out' },
      },
    },
    {
      field: 'warmupSteps',
      label: 'Steps until the full size',
      term: 'warm-up steps',
      help: 'Where the step size begins small.',
      input: count(0, 1_000_000, 'steps'),
    },
    {
      field: 'gradientClipping',
      label: 'Largest step that is not cut',
      term: 'gradient clipping',
      help: 'Largest norm of all gradients together.',
      input: { kind: 'number', minimum: 1e-6, maximum: 1e6, whole: false, empty: 'never cut' },
    },
    {
      field: 'seed',
      label: 'Number that chance begins with',
      term: 'seed',
      help: 'The same number gives the same run, to the last digit, on one computer.',
      input: count(0, 2 ** 31 - 1),
    },
    {
      field: 'orderSeed',
      label: 'Number that the order begins with',
      term: 'order seed',
      help: 'Another number shows the same pieces of text in another order, and changes nothing else.',
      input: count(0, 2 ** 31 - 1, '', 'the number above'),
    },
  ],
  'The text it sees': [
    {
      field: 'windows',
      label: 'Pieces of text at most',
      term: 'training windows',
      help: 'What the text gives beyond that is not used.',
      input: count(1, 1_000_000, 'windows'),
    },
    {
      field: 'windowLength',
      label: 'Length of a piece',
      term: 'window length',
      help: 'In tokens, which are word pieces; 256 are about a page. Longer pieces take more memory.',
      input: count(2, 1_000_000, 'tokens'),
    },
    {
      field: 'windowOrder',
      label: 'Which pieces are taken',
      term: 'window order',
      help: 'By chance from all of the text, or those at its beginning.',
      input: { kind: 'choice', options: { random: 'By chance', first: 'The first ones' } },
    },
    {
      field: 'windowsPerDocument',
      label: 'Pieces of each record',
      term: 'windows per document',
      help: 'All that a record fills, or its beginning only.',
      input: { kind: 'choice', options: { all: 'All of it', first: 'Its beginning' } },
    },
    {
      field: 'heldOut',
      label: 'Pieces kept to measure with',
      term: 'held-out windows',
      help: 'The model never trains on them.',
      input: count(0, 100_000, 'windows', 'a tenth, 128 at most'),
    },
  ],
  Adapters: [
    {
      field: 'rank',
      label: 'How much an adapter can hold',
      term: 'rank',
      help: 'More: it learns by heart sooner, and takes more room. Not used where the whole model learns.',
      input: count(1, 4096),
    },
    {
      field: 'alpha',
      label: 'How strongly an adapter acts',
      term: 'alpha',
      help: 'Its output is multiplied by alpha / rank. Usually twice the rank.',
      input: { kind: 'number', minimum: 1e-3, maximum: 1e5, whole: false },
    },
    {
      field: 'targetModules',
      label: 'Parts of a block with adapters',
      term: 'target modules',
      help: 'All is the surest way to near-zero loss.',
      input: { kind: 'modules' },
    },
    {
      field: 'prefixCache',
      label: 'Keep what the frozen blocks say in a file',
      term: 'prefix cache',
      help: 'They say the same every time. Much faster, but takes disk space during the run.',
      input: { kind: 'switch' },
    },
    {
      field: 'cachePrecision',
      label: 'How exactly that file keeps them',
      term: 'cache precision',
      help: 'Half precision takes half the room. Its rounding hardly shows in the loss, but a run is then not the same to the last digit.',
      input: { kind: 'choice', options: { float32: 'As they are', float16: 'Half precision' } },
    },
  ],
  'When it stops': [
    {
      field: 'stopAtLoss',
      label: 'Stop early below this training loss',
      term: 'nats',
      help: 'Once it stays below for two epochs. Near zero is 0.1 and less.',
      input: { kind: 'number', minimum: 1e-6, maximum: 100, whole: false, empty: 'goes on to the end' },
    },
    {
      field: 'stopAtAccuracy',
      label: 'Stop early at this share of right tokens',
      term: 'token accuracy',
      help: '0.99 is 99 of 100.',
      input: { kind: 'number', minimum: 0, maximum: 1, whole: false, empty: 'goes on to the end' },
    },
  ],
  'What you will see of it': [
    {
      field: 'samples',
      label: 'Texts written along the way',
      term: 'samples',
      help: 'To watch how the writing changes. Each takes time.',
      input: count(0, 128, 'texts'),
    },
    {
      field: 'samplesEvery',
      label: 'How often they are written',
      term: 'epochs between samples',
      help: '1 is at every epoch. Left empty: so often that all measuring takes about a tenth of the time. There are texts before the first step and at the end in any case.',
      input: count(1, 10_000, 'epochs', 'as often as it takes little time'),
    },
    {
      field: 'promptTokens',
      label: 'Length of their beginnings',
      term: 'prompt tokens',
      help: 'Given to the model from text that it did not train on.',
      input: count(1, 100_000, 'tokens'),
    },
    {
      field: 'sampleTokens',
      label: 'Length of what it writes',
      term: 'sample tokens',
      help: 'Repetition shows in long texts only.',
      input: count(1, 100_000, 'tokens'),
    },
    {
      field: 'keepEveryEpoch',
      label: 'Keep the model of every epoch',
      term: 'checkpoints',
      help: 'To compare epochs later. Without it, the last one is kept.',
      input: { kind: 'switch' },
    },
  ],
};

const GUIDES = Object.values(FIELD_GROUPS).flat();

/** "1 to 10,000 times", or "" where there is nothing to say. */
export function rangeWords({ input }: FieldGuide): string {
  if (input.kind !== 'number') return '';
  const { minimum, maximum, unit, empty } = input;
  const range = `${shown(minimum)} to ${shown(maximum)}${unit ? ` ${unit}` : ''}`;
  return empty ? `${range}; empty: ${empty}` : range;
}

/** What is wrong with each field, in words; nothing where all is right. */
export function recipeProblems(
  recipe: Recipe,
  contextLength: number,
): Partial<Record<FieldGuide['field'], string>> {
  const problems = Object.fromEntries(
    GUIDES.map((guide) => [guide.field, fieldProblem(guide, recipe[guide.field])]).filter(([, text]) => text),
  );
  if (recipe.windowLength > contextLength)
    problems.windowLength = `This model reads ${contextLength} tokens at most.`;
  return problems;
}

function fieldProblem({ input }: FieldGuide, value: Recipe[RecipeField]): string {
  if (input.kind === 'modules')
    return Array.isArray(value) && value.length === 0 ? 'Choose at least one part.' : '';
  if (input.kind !== 'number') return '';
  if (value === null && input.empty) return '';
  const number = numberIn(value);
  const { minimum, maximum, whole } = input;
  if (number >= minimum && number <= maximum && (!whole || Number.isInteger(number))) return '';
  const kind = whole ? 'a whole number' : 'a number';
  const orEmpty = input.empty ? ', or nothing' : '';
  return `Write ${kind} from ${shown(minimum)} to ${shown(maximum)}${orEmpty}.`;
}

/** The number that a field shows; NaN where there is none. */
export function numberIn(value: Recipe[RecipeField]): number {
  if (typeof value === 'number') return value;
  return typeof value === 'object' && value !== null && 'loss' in value ? value.loss : Number.NaN;
}

function shown(number: number): string {
  return number > 0 && number < 1e-3 ? number.toExponential() : number.toLocaleString('en');
}
