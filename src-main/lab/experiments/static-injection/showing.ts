/** What "Not a liking for some words" has to show: see static-injection.ts. */
import type { Figure, Showing, Table } from '../../../../src-preload/contract/exhibits.ts';
import { mean } from '../../../engine/analysis/diversity/mean.ts';
import { countOf, percent } from '../../wording.ts';
import { VARIETY_COLUMNS, VARIETY_DEFINITIONS } from '../variety.ts';
import type { StaticInjectionResults as Results } from './results.ts';

const PAPER = 'Li et al. 2026 (TinyLlama), from a summary of the paper';
const PAPER_CORRELATION = -0.94;
/** Differences of shares below this are not worth a sentence. */
const WORTH_TELLING = 0.02;
const TOKENS_SHOWN = 20;

export const STATIC_INJECTION_DEFINITIONS: Showing['definitions'] = [
  {
    term: 'Rank gain',
    text: 'A token’s rank with the base minus its rank with the tuned model, mean over all positions of the given texts (each predicting the text’s next token). Among equal gains the lower token number comes first; tokens that do not rise are never lifted.',
    source: null,
  },
  {
    term: 'Mean gain (δ)',
    text: 'Logit with the tuned model minus logit with the base, mean over the same positions, for the K tokens with the largest rank gain; 0 for all others. Logits are taken as they are: a model could add one number to all of them without changing a prediction, and that number would count here.',
    source: PAPER,
  },
  {
    term: 'Strength (α)',
    text: 'The base writes greedily from its logits + α · δ, the same δ at every position. 0 is the base itself.',
    source: PAPER,
  },
  {
    term: 'Positions',
    text: 'Those of the given texts. On which positions the paper takes its means is not known here.',
    source: null,
  },
  {
    term: 'Rank correlation (Spearman’s ρ)',
    text: 'Between the strengths above 0 and a measure of the texts: −1 where the measure falls whenever the strength rises. The paper’s −0.94 is between the strength and a “quality” whose definition is not known here; this lab takes TTR, and −rep-2.',
    source: null,
  },
  ...VARIETY_DEFINITIONS,
];

export function showStaticInjection(results: Results): Omit<Showing, 'definitions'> {
  return {
    findings: [describeLifted(results), describeVariety(results), describeCorrelation(results)].filter(
      (finding) => finding !== undefined,
    ),
    exhibits: [
      figure(results, 'ttr', 'Different tokens', 'TTR', [[0.5, 0.215]], 0.684),
      figure(
        results,
        'rep2',
        'Repeated pairs',
        'rep-2',
        [
          [0.01, 0.609],
          [0.5, 0.706],
        ],
        0.14,
      ),
      varietyTable(results),
      correlationTable(results),
      tokenTable(results),
    ],
  };
}

function describeLifted({ lifted, topTokens, positions }: Results): string {
  const read = `Over ${countOf(positions, 'position')} of the given texts`;
  if (lifted.length === 0)
    return `${read}, no token rose in the tuned model’s ranking: the two models rank all tokens alike, and there is nothing to lift.`;
  const fewer =
    lifted.length < topTokens ? ` (no more of them rose, so fewer than the ${topTokens} asked for)` : '';
  return `${read}, the ${countOf(lifted.length, 'token')} that rose most in the ranking${fewer} gained ${mean(lifted.map(({ rankGain }) => rankGain)).toFixed(0)} places on average. These were lifted in the base, everywhere by the same amount.`;
}

function describeVariety({ strengths, tuned }: Results): string | undefined {
  const base = strengths.find(({ strength }) => strength === 0);
  const strongest = strengths.at(-1);
  if (base === undefined || strongest === undefined || strongest === base) return undefined;
  const told = `Of the token pairs in its greedy texts, the base model repeats ${percent(base.rep2)}; lifted with strength ${strongest.strength}, ${percent(strongest.rep2)}; the tuned model ${percent(tuned.rep2)}.`;
  const best = Math.min(...strengths.filter(({ strength }) => strength > 0).map(({ rep2 }) => rep2));
  const gained = base.rep2 - tuned.rep2;
  if (gained < WORTH_TELLING)
    return `${told} On this model the tuned one does not repeat itself noticeably less than the base, so there is no gain to be explained.`;
  if (base.rep2 - best < WORTH_TELLING)
    return `${told} No strength makes the base noticeably more varied: what hyperfitting changes hangs on what was written before and is not a fixed liking for some words.`;
  const share = (base.rep2 - best) / gained;
  return share < 0.9
    ? `${told} The best strength reaches ${percent(share)} of the way from the base to the tuned model: on this model a fixed liking for some words explains a part of the gain, not all of it.`
    : `${told} Other than in the paper, a fixed liking for some words is enough on this model to repeat as little as the tuned one; read its texts before calling them as good.`;
}

function describeCorrelation({ spearman, strengths }: Results): string | undefined {
  const { ttr } = spearman;
  if (ttr === null) return undefined;
  const measured = strengths.map((found) => found.ttr);
  const change = Math.max(...measured) - Math.min(...measured);
  const meaning =
    change < WORTH_TELLING
      ? 'as the texts hardly change with the strength, that says little'
      : ttr <= -0.5
        ? 'the more strongly they are lifted, the less varied the texts, as in the paper'
        : ttr >= 0.5
          ? 'the more strongly they are lifted, the more varied the texts, other than in the paper'
          : 'there is no clear trend, other than in the paper';
  return `Rank correlation between strength and different tokens: ${ttr.toFixed(2)}; ${meaning} (${PAPER_CORRELATION} there, with its own measure of quality).`;
}

function figure(
  { strengths, tuned }: Results,
  measure: 'ttr' | 'rep2',
  name: string,
  term: string,
  known: [number, number][],
  paperTuned: number,
): Figure {
  const points = strengths.map((found): [number, number] => [found.strength, found[measure]]);
  const [lowest, highest] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  const level = (value: number): [number, number][] => [
    [lowest, value],
    [highest, value],
  ];
  return {
    kind: 'figure',
    title: `${name} against the strength`,
    summary: `${term} of the base’s greedy texts: ${points.map(([strength, value]) => `${value.toFixed(3)} at ${strength}`).join(', ')}. The tuned model’s: ${tuned[measure].toFixed(3)}.`,
    shape: 'lines',
    xName: 'Strength (α)',
    yName: term,
    categories: null,
    isXLogarithmic: false,
    series: [
      { name: 'Base, lifted', source: null, points, band: null },
      { name: 'Tuned', source: null, points: level(tuned[measure]), band: null },
      { name: 'Paper: base, lifted', source: PAPER, points: known, band: null },
      { name: 'Paper: hyperfitted', source: PAPER, points: level(paperTuned), band: null },
    ],
    note: null,
  };
}

function varietyTable({ strengths, tuned }: Results): Table {
  const row = (name: string, { ttr, rep2, rep3 }: Results['tuned']) => ({
    name,
    source: null,
    cells: [ttr, rep2, rep3],
  });
  return {
    kind: 'table',
    title: 'Texts at each strength',
    columns: [
      {
        name: 'Who writes',
        term: null,
        help: 'The model, and how strongly the tokens are lifted. All greedy.',
      },
      ...VARIETY_COLUMNS,
    ],
    rows: [
      ...strengths.map((found) =>
        row(found.strength === 0 ? 'Base' : `Base, strength ${found.strength}`, found),
      ),
      row('Tuned', tuned),
      { name: 'Paper: base', source: PAPER, cells: [0.4, 0.592, 0.536] },
      { name: 'Paper: strength 0.01', source: PAPER, cells: [0.409, 0.609, null] },
      { name: 'Paper: strength 0.5', source: PAPER, cells: [0.215, 0.706, null] },
      { name: 'Paper: hyperfitted', source: PAPER, cells: [0.684, 0.14, 0.069] },
    ],
    note: 'For the base, the paper’s rep-2 is 0.592 in its main table and 0.588 where it speaks of lifting.',
  };
}

function correlationTable({ spearman: { ttr, rep2 } }: Results): Table {
  return {
    kind: 'table',
    title: 'Does more lifting mean better texts?',
    columns: [
      { name: 'Measure', term: null, help: 'What is compared with the strength.' },
      {
        name: 'Rank correlation',
        term: 'Spearman’s ρ',
        help: 'From −1, falls whenever the strength rises, to 1, rises with it.',
      },
    ],
    rows: [
      { name: 'Different tokens (TTR)', source: null, cells: [ttr] },
      { name: 'Fewer repeated pairs (−rep-2)', source: null, cells: [rep2] },
      { name: 'Paper: “quality”', source: PAPER, cells: [PAPER_CORRELATION] },
    ],
    note: 'What the paper calls quality is not known here, so its number is no exact counterpart of the two above it.',
  };
}

function tokenTable({ lifted }: Results): Table {
  return {
    kind: 'table',
    title: 'The tokens that rose most',
    columns: [
      { name: 'Token', term: null, help: 'A word or a part of one.' },
      {
        name: 'Places gained',
        term: 'rank gain',
        help: 'In the ranking of all tokens, mean over the positions.',
      },
      { name: 'Mean gain', term: 'δ', help: 'What its logit gained, mean over the positions.' },
    ],
    rows: lifted.slice(0, TOKENS_SHOWN).map(({ piece, rankGain, delta }) => ({
      name: JSON.stringify(piece),
      source: null,
      cells: [rankGain, delta],
    })),
    note: lifted.length > TOKENS_SHOWN ? `${TOKENS_SHOWN} of ${lifted.length}.` : null,
  };
}
