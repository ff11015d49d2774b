/** What "Where the words come from" has to show: see rank-origin.ts. */
import type { Exhibit, Figure, Passages, Showing, Table } from '../../../../src-preload/contract/exhibits.ts';
import { DEEP_TAIL, RANK_BUCKETS, type RankOrigin } from '../../../engine/analysis/rank-origin.ts';
import { countOf, percent } from '../../wording.ts';
import type { RankOriginResults as Results } from './results.ts';

const PAPER = 'Li et al. 2026 (TinyLlama), from a summary of the paper';

export const RANK_ORIGIN_DEFINITIONS: Showing['definitions'] = [
  {
    term: 'Original rank',
    text: 'The place of a token among all tokens by the base model’s logits after the same text: 1 for the one it finds most likely; among equals the lower number first.',
    source: PAPER,
  },
  {
    term: 'Override',
    text: 'A token of original rank above 1: the base model alone would have written another one.',
    source: PAPER,
  },
  {
    term: 'Deep tail',
    text: `Original rank above ${DEEP_TAIL}. Told as a share of all tokens and as a share of the overrides, as it is not known which of them the paper’s 12.9 % is.`,
    source: PAPER,
  },
  {
    term: 'Along its own texts',
    text: 'Every token that the tuned model writes greedily after the prompts. A text ends where the model ends it; the token that ends it is not counted.',
    source: null,
  },
  {
    term: 'At given texts',
    text: 'The tuned model’s first choice after each token but the last of every given text, whatever the text goes on with.',
    source: null,
  },
];

export function showRankOrigin(results: Results): Omit<Showing, 'definitions'> {
  const { fixedTexts } = results;
  const exhibits: Exhibit[] = [bucketFigure(results), shareTable(results)];
  if (results.examples.length > 0) exhibits.push(examplePassages(results));
  return {
    findings: [...describeOwnTexts(results), ...(fixedTexts ? describeFixedTexts(results, fixedTexts) : [])],
    exhibits,
  };
}

function describeOwnTexts({ tokens, texts, overrideShare, deepTailOfAll, deepTailOfOverrides }: Results) {
  if (overrideShare === null || deepTailOfAll === null)
    return ['The tuned model ended every text at once, so there is no token to rank. Try other prompts.'];
  const emitted = `The tuned model wrote ${countOf(tokens, 'token')} in ${countOf(texts, 'text')}.`;
  if (overrideShare === 0)
    return [`${emitted} Every one of them is what the base model would have chosen: nothing was reordered.`];
  return [
    `${emitted} ${percent(overrideShare)} of them are not what the base model would have chosen after the same words: there, hyperfitting has changed the order of the tokens, which no temperature can.`,
    deepTailOfAll === 0
      ? `None of them came from below the base model’s first ${DEEP_TAIL}: on this model hyperfitting chooses among what the base found likely too.`
      : `${percent(deepTailOfAll)} of all tokens (${percent(deepTailOfOverrides ?? 0)} of the changed ones) stood below the base model’s first ${DEEP_TAIL}: they were lifted from where sampling with a small top-k would not find them.`,
  ];
}

function describeFixedTexts({ overrideShare }: Results, fixed: RankOrigin): string[] {
  if (fixed.overrideShare === null) return [];
  const finding = `At ${countOf(fixed.tokens, 'position')} of the given texts, the two models’ first choices differ at ${percent(fixed.overrideShare)}.`;
  if (overrideShare === null) return [finding];
  const gap = overrideShare - fixed.overrideShare;
  const size = Math.abs(gap) < 0.02 ? 'about as often as' : gap > 0 ? 'more often than' : 'less often than';
  return [
    `${finding} In its own texts the tuned model goes against the base ${size} there; the two are different questions, so a share is only comparable with one of the same kind of position.`,
  ];
}

function bucketFigure({ fixedTexts, ...own }: Results): Figure {
  const sets: readonly [string, RankOrigin | null][] = [
    ['Along its own texts', own],
    ['At given texts', fixedTexts],
  ];
  return {
    kind: 'figure',
    title: 'Original rank of what the tuned model prefers',
    summary: `Along its own texts: ${RANK_BUCKETS.map(({ name }, index) => `rank ${name}: ${countOf(own.buckets[index]!, 'token')}`).join(', ')}.`,
    shape: 'bars',
    xName: 'Rank with the base model',
    yName: 'Share of tokens',
    categories: RANK_BUCKETS.map(({ name }) => name),
    isXLogarithmic: false,
    series: sets.flatMap(([name, found]) => {
      if (found === null) return [];
      const points = found.buckets.map((count, index): [number, number | null] => [
        index,
        found.tokens === 0 ? null : count / found.tokens,
      ]);
      return [{ name, source: null, points, band: null }];
    }),
    note: null,
  };
}

function shareTable({ fixedTexts, ...own }: Results): Table {
  const cells = (found: RankOrigin) => [
    found.tokens,
    ...found.buckets,
    ...[found.overrideShare, found.deepTailOfAll, found.deepTailOfOverrides],
  ];
  const unknown = RANK_BUCKETS.map(() => null);
  return {
    kind: 'table',
    title: 'Overrides and the deep tail',
    columns: [
      { name: 'Positions', term: null, help: 'Where the tokens are that were ranked.' },
      { name: 'Tokens', term: null, help: 'How many tokens were ranked.' },
      ...RANK_BUCKETS.map(({ name }) => ({
        name: `Rank ${name}`,
        term: null,
        help: `Tokens that had rank ${name} with the base model.`,
      })),
      {
        name: 'Not the base’s choice',
        term: 'override share',
        help: 'Share of all tokens with a rank above 1.',
      },
      {
        name: 'From far down, of all',
        term: 'deep tail of all tokens',
        help: `Share of all tokens with a rank above ${DEEP_TAIL}.`,
      },
      {
        name: 'From far down, of the changed',
        term: 'deep tail of overrides',
        help: `Share of the tokens that are not the base’s choice with a rank above ${DEEP_TAIL}.`,
      },
    ],
    rows: [
      { name: 'Along its own texts', source: null, cells: cells(own) },
      ...(fixedTexts ? [{ name: 'At given texts', source: null, cells: cells(fixedTexts) }] : []),
      {
        name: 'Paper, if its 12.9 % are of all tokens',
        source: PAPER,
        cells: [null, ...unknown, 0.391, 0.129, null],
      },
      {
        name: 'Paper, if its 12.9 % are of the overrides',
        source: PAPER,
        cells: [null, ...unknown, 0.391, null, 0.129],
      },
    ],
    note: 'The paper’s shares are said to be along the tuned model’s greedy texts. Summaries differ on what the 12.9 % are a share of, so it stands in both places. Its main table has an agreement of 0.570 of the first choices, which is not 1 − 0.391: the two must have been measured at different positions.',
  };
}

function examplePassages({ examples }: Results): Passages {
  return {
    kind: 'passages',
    title: 'Words from the deepest ranks',
    note: 'A few of each text at most. Marked is the token that the tuned model wrote.',
    passages: examples.map(({ rank, preferred, ...place }) => ({
      ...place,
      remark: `rank ${rank.toLocaleString('en')} with the base model, which would have written “${preferred}”`,
    })),
  };
}
