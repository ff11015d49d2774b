/** What "Not temperature" has to show: see entropy-match.ts. */
import type { Exhibit, Figure, Passages, Showing, Table } from '../../../../src-preload/contract/exhibits.ts';
import { HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE } from '../../../engine/analysis/temperature-match.ts';
import { countOf, percent } from '../../wording.ts';
import { VARIETY_COLUMNS, VARIETY_DEFINITIONS } from '../variety.ts';
import type { EntropyMatchResults as Results } from './results.ts';

const PAPER = 'Li et al. 2026, main table (TinyLlama), from a summary of the paper';
/** Differences of rep-2 below this are not worth a sentence. */
const WORTH_TELLING = 0.02;

type Way = Results['written'][number]['way'];
const WAYS: Readonly<Record<Way, string>> = {
  base: 'Base, greedy',
  'base-at-temperature': 'Base at T*, greedy',
  'base-by-chance': 'Base at T*, drawn by chance',
  tuned: 'Tuned, greedy',
};

export const ENTROPY_MATCH_DEFINITIONS: Showing['definitions'] = [
  {
    term: 'Entropy',
    text: 'How unsure the model is of the next token, in nats: −Σ p ln p over all tokens it knows. Mean over all positions of the given texts, each predicting the text’s next token; computed in 64 bits from 32-bit logits.',
    source: PAPER,
  },
  {
    term: 'Matched temperature (T*)',
    text: `The one number by which all logits of the base are divided so that its mean entropy is that of the tuned model; found between ${LOWEST_TEMPERATURE} and ${HIGHEST_TEMPERATURE} to 10⁻⁷ nats. One number for all positions, not one for each.`,
    source: PAPER,
  },
  {
    term: 'Positions',
    text: 'Those of the given texts. On which positions the paper matches the entropy is not known here.',
    source: null,
  },
  {
    term: 'Top-1 agreement',
    text: 'Share of the positions at which the most likely token is that of the base at temperature 1.',
    source: null,
  },
  {
    term: 'Greedy at T*',
    text: 'Every token is chosen from the logits divided by T* in 32 bits. Only rounding could make this differ from the base’s own texts.',
    source: null,
  },
  ...VARIETY_DEFINITIONS,
];

export function showEntropyMatch(results: Results): Omit<Showing, 'definitions'> {
  const exhibits: Exhibit[] = [table(results), figure(results)];
  if (results.written.length > 0) exhibits.push(examples(results));
  return {
    findings: [
      describeEntropy(results),
      describeGreedy(results),
      describeOrder(results),
      describeVariety(results),
    ].filter((finding) => finding !== undefined),
    exhibits,
  };
}

function describeEntropy({ entropyBase, entropyTuned, temperature, positions }: Results): string {
  const read = `At ${countOf(positions, 'position')} of the given texts, the base model is as unsure as if it chose among ${equallyLikely(entropyBase)} equally likely tokens (${nats(entropyBase)}), the tuned one as among ${equallyLikely(entropyTuned)} (${nats(entropyTuned)}).`;
  if (temperature === null)
    return `${read} No temperature from ${LOWEST_TEMPERATURE} to ${HIGHEST_TEMPERATURE} makes the base as unsure as that, so it cannot be compared at equal sureness.`;
  const found = `${read} A temperature of ${temperature.toFixed(3)} makes the base model exactly as sure.`;
  return temperature > 1
    ? `${found} That is above 1: on these texts the tuned model is less sure than its base. In the papers, hyperfitting makes models surer.`
    : found;
}

function describeGreedy({ greedyIdentical, identicalTexts, texts }: Results): string | undefined {
  if (greedyIdentical === null || identicalTexts === null) return undefined;
  return greedyIdentical
    ? `At that temperature ${texts === 1 ? 'its greedy text is' : `all its ${texts} greedy texts are`} the same as before, token for token: to divide all logits by one number never changes which is the largest.`
    : `At that temperature ${texts - identicalTexts} of its ${texts} greedy texts changed. In exact arithmetic none can: two tokens were so nearly alike that the division rounded them to the same number.`;
}

function describeOrder({ top1Agreement, top1AgreementAtTemperature }: Results): string {
  if (top1Agreement === 1)
    return 'The tuned model prefers the same token as the base everywhere. On these texts nothing was reordered, so a temperature could account for what was learned.';
  const changed = `The tuned model prefers another token than the base at ${percent(1 - top1Agreement)} of the positions`;
  return top1AgreementAtTemperature === null
    ? `${changed}.`
    : `${changed}, the base at the matched temperature at ${percent(1 - top1AgreementAtTemperature)}. Hyperfitting reorders the tokens and a temperature never does, so the one is not the other.`;
}

function describeVariety({ written }: Results): string | undefined {
  const [base, drawn, tuned] = (['base', 'base-by-chance', 'tuned'] as const).map((way) =>
    written.find((candidate) => candidate.way === way),
  );
  if (base === undefined || tuned === undefined) return undefined;
  const change = tuned.rep2 - base.rep2;
  const repeats = `Of the token pairs in its greedy texts, the base model repeats ${percent(base.rep2)}, the tuned one ${percent(tuned.rep2)}`;
  const meaning =
    change < -WORTH_TELLING
      ? 'Hyperfitting made greedy texts more varied, and no temperature makes the base’s greedy texts so.'
      : change > WORTH_TELLING
        ? 'On this model, other than in the paper, the tuned one repeats itself more.'
        : 'On this model, other than in the paper, the tuned one does not repeat itself noticeably less.';
  const chance = drawn
    ? `; drawn by chance at the matched temperature, the base repeats ${percent(drawn.rep2)}`
    : '';
  return `${repeats}${chance}. ${meaning}`;
}

function table(results: Results): Table {
  const { entropyBase, entropyTuned, entropyAtTemperature, top1Agreement, top1AgreementAtTemperature } =
    results;
  const predictions: Readonly<Record<Way, readonly [number | null, number | null]>> = {
    base: [1, entropyBase],
    'base-at-temperature': [top1AgreementAtTemperature, entropyAtTemperature],
    'base-by-chance': [top1AgreementAtTemperature, entropyAtTemperature],
    tuned: [top1Agreement, entropyTuned],
  };
  const ways: Way[] =
    results.temperature === null
      ? ['base', 'tuned']
      : ['base', 'base-at-temperature', 'base-by-chance', 'tuned'];
  return {
    kind: 'table',
    title: 'Equally sure, and yet different',
    columns: [
      { name: 'Who writes', term: null, help: 'The model, and how each token is chosen.' },
      ...VARIETY_COLUMNS,
      {
        name: 'Same first choice as the base',
        term: 'top-1 agreement',
        help: 'Share of the positions of the given texts at which the most likely token is the base’s.',
      },
      {
        name: 'Unsureness',
        term: 'entropy, nats',
        help: 'Mean over the positions of the given texts. Lower is surer.',
      },
    ],
    rows: [
      ...ways.map((way) => {
        const texts = results.written.find((candidate) => candidate.way === way);
        const variety = texts ? [texts.ttr, texts.rep2, texts.rep3] : [null, null, null];
        return { name: WAYS[way], source: null, cells: [...variety, ...predictions[way]] };
      }),
      { name: 'Paper: original', source: PAPER, cells: [0.4, 0.592, 0.536, 1, 2.083] },
      { name: 'Paper: original at T = 0.59', source: PAPER, cells: [0.397, 0.604, 0.548, 0.997, 0.875] },
      { name: 'Paper: hyperfitted', source: PAPER, cells: [0.684, 0.14, 0.069, 0.57, 0.862] },
    ],
    note: 'Agreement and entropy are of the predictions, so they do not change with how a token is drawn from them. The paper’s row at T = 0.59 is not quite that of T = 1; by the definition it would be for greedy texts, so this size of difference is rounding.',
  };
}

function figure({ curve, temperature, entropyAtTemperature, entropyTuned }: Results): Figure {
  const [lowest, highest] = [curve[0]![0], curve.at(-1)![0]];
  const matched: [number, number][] =
    temperature === null || entropyAtTemperature === null
      ? []
      : [[Number(temperature.toFixed(4)), entropyAtTemperature]];
  const points = [...curve, ...matched].sort(([a], [b]) => a - b);
  return {
    kind: 'figure',
    title: 'How sure the base is at each temperature',
    summary: `The base’s mean entropy rises with the temperature, from ${nats(curve[0]![1])} at ${lowest} to ${nats(curve.at(-1)![1])} at ${highest}.${temperature === null ? '' : ` At ${temperature.toFixed(3)} it crosses the tuned model’s ${nats(entropyTuned)}.`}`,
    shape: 'lines',
    xName: 'Temperature',
    yName: 'Entropy (nats)',
    categories: null,
    isXLogarithmic: false,
    series: [
      { name: 'Base', source: null, points, band: null },
      {
        name: 'Tuned, at temperature 1',
        source: null,
        points: [
          [lowest, entropyTuned],
          [highest, entropyTuned],
        ],
        band: null,
      },
      {
        name: 'Paper: original',
        source: PAPER,
        points: [
          [0.59, 0.875],
          [1, 2.083],
        ],
        band: null,
      },
    ],
    note: null,
  };
}

function examples({ prompts, written }: Results): Passages {
  return {
    kind: 'passages',
    title: 'The same beginnings, written on',
    note: 'Marked is what was written.',
    passages: prompts.flatMap((before, index) =>
      written.map(({ way, examples }) => ({
        before,
        marked: examples[index]!,
        after: '',
        remark: WAYS[way],
      })),
    ),
  };
}

function nats(entropy: number): string {
  return `${entropy.toFixed(3)} nats`;
}

/** Perplexity's reading of an entropy. */
function equallyLikely(entropy: number): string {
  const count = Math.exp(entropy);
  return count < 10 ? count.toFixed(1) : Math.round(count).toLocaleString('en');
}
