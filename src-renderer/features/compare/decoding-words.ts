/** Ways to write, as the screens say them; what each setting does to the next token stands in engine/generation. */
import {
  type Decoding,
  decodingSchema,
  GREEDY,
  type WeightPrecision,
} from '../../../src-preload/contract/endpoints/comparison.ts';

type NumberField = 'temperature' | 'topP' | 'topK' | 'minP' | 'repetitionPenalty' | 'noRepeatNgramSize';

export interface DecodingGuide {
  readonly field: NumberField;
  readonly label: string;
  readonly term: string;
  readonly help: string;
  readonly minimum: number;
  readonly maximum?: number;
  readonly step: number;
}

export const CHANCE_GUIDES: readonly DecodingGuide[] = [
  {
    field: 'temperature',
    label: 'How daring',
    term: 'temperature',
    help: 'Below 1, likely words become still likelier; above 1, rare ones come more often. 1: as the model has learned it.',
    minimum: 0.01,
    step: 0.01,
  },
  {
    field: 'topP',
    label: 'Only the likely part',
    term: 'top-p, nucleus',
    help: 'Chooses among the likeliest words that together make up this share. 1: among all.',
    minimum: 0.01,
    maximum: 1,
    step: 0.01,
  },
  {
    field: 'topK',
    label: 'Only so many words',
    term: 'top-k',
    help: 'Chooses among so many of the likeliest words. 0: among all.',
    minimum: 0,
    step: 1,
  },
  {
    field: 'minP',
    label: 'Not far behind the best',
    term: 'min-p',
    help: 'Leaves out words that are less likely than this share of the likeliest one. 0: leaves out none.',
    minimum: 0,
    maximum: 1,
    step: 0.01,
  },
];

export const REPETITION_GUIDES: readonly DecodingGuide[] = [
  {
    field: 'repetitionPenalty',
    label: 'What was said becomes less likely',
    term: 'repetition penalty',
    help: 'For each word that is in the text already. 1: not at all; 1.2 is usual.',
    minimum: 0.01,
    step: 0.01,
  },
  {
    field: 'noRepeatNgramSize',
    label: 'No run of so many tokens twice',
    term: 'no-repeat n-gram',
    help: 'A run of this length never comes again. 0: may come again; 3 is usual.',
    minimum: 0,
    step: 1,
  },
];

/** What is said of a model's weights, by how they are kept. */
export const WEIGHTS_WORDS: Readonly<
  Record<WeightPrecision, { readonly room: string; readonly term: string }>
> = {
  float32: { room: 'In full', term: 'float32' },
  '8-bit': { room: 'About a quarter', term: '8-bit' },
  '4-bit': { room: 'About a sixth', term: '4-bit' },
};

/**
 * ", by chance (top-p 0.9)": what a name goes on with, so that two ways of one model can be told apart. Greedy says nothing, nor
 * do weights that are kept in full.
 */
export function wayWords(decoding: Decoding, weights: WeightPrecision = 'float32'): string {
  const words = [
    ...(decoding.strategy === 'sample' ? [`by chance${inBrackets(changed(CHANCE_GUIDES, decoding))}`] : []),
    ...changed(REPETITION_GUIDES, decoding),
    ...(decoding.citationBlocker ? ['citation blocker'] : []),
    ...(weights === 'float32' ? [] : [`${weights} weights`]),
  ];
  return words.map((word) => `, ${word}`).join('');
}

/** The same where it stands alone. */
export function wayTitle(decoding: Decoding, weights?: WeightPrecision): string {
  const likeliest = decoding.strategy === 'greedy' ? 'likeliest word' : '';
  const words = `${likeliest}${wayWords(decoding, weights)}`.replace(/^, /, '');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** @returns what cannot be, by field */
export function decodingProblems(decoding: Decoding): Partial<Record<keyof Decoding, string>> {
  const { error } = decodingSchema.safeParse(decoding);
  const fields = new Set(error?.issues.map(({ path: [field] }) => field));
  const guides = [...CHANCE_GUIDES, ...REPETITION_GUIDES].filter(({ field }) => fields.has(field));
  return Object.fromEntries(guides.map((guide) => [guide.field, rangeWords(guide)]));
}

function rangeWords({ minimum, maximum, step }: DecodingGuide): string {
  const kind = step === 1 ? 'a whole number' : 'a number';
  const from = minimum === 0 ? 'from 0' : 'above 0';
  return `Write ${kind} ${from}${maximum === undefined ? '' : ` to ${maximum}`}.`;
}

function changed(guides: readonly DecodingGuide[], decoding: Decoding): string[] {
  return guides
    .filter(({ field }) => decoding[field] !== GREEDY[field])
    .map(({ field, term }) => `${term.replace(/,.*/, '')} ${decoding[field]}`);
}

function inBrackets(words: readonly string[]): string {
  return words.length > 0 ? ` (${words.join(', ')})` : '';
}
