/**
 * "Where the words come from": how the base model ranked each token that the tuned model writes. Along the tuned model's own
 * greedy texts, and at every position of given texts.
 */
import { z } from 'zod';
import type { Exhibit, Figure, Passages, Table } from '../../../src-preload/contract/exhibits.ts';
import { argMax, rankOf } from '../../engine/analysis/diversity/predictions.ts';
import { PredictedPositions } from '../../engine/analysis/predicted-positions.ts';
import {
  DEEP_TAIL,
  type Origin,
  originsOf,
  RANK_BUCKETS,
  type RankOrigin,
  rankOrigin,
} from '../../engine/analysis/rank-origin.ts';
import { GREEDY } from '../../engine/generation/decoding.ts';
import { type Context, defineExperiment } from './experiment.ts';
import { type PairRequest, pairRequestSchema } from './inputs.ts';
import { OpenPair, type PairInputs, type Subject, write } from './open-pair.ts';
import { pieceAfter, placeOf } from './passage.ts';
import { beginStage } from './progress.ts';
import { countOf, percent } from './wording.ts';

const PAPER = 'Li et al. 2026 (TinyLlama), from a summary of the paper';
/** Passages shown, and of one text. */
const EXAMPLES = 10;
const EXAMPLES_OF_A_TEXT = 2;

const share = z.number().nullable();
const originSchema = z.object({
  tokens: z.number().int(),
  buckets: z.array(z.number().int()).length(RANK_BUCKETS.length),
  overrideShare: share,
  deepTailOfAll: share,
  deepTailOfOverrides: share,
});

const resultsSchema = originSchema.extend({
  /** Greedy texts of the tuned model, whose tokens are counted above. */
  texts: z.number().int(),
  /** The overrides of highest rank, in context. */
  examples: z.array(
    z.object({
      before: z.string(),
      marked: z.string(),
      after: z.string(),
      rank: z.number().int(),
      /** What the base would have written there. */
      preferred: z.string(),
    }),
  ),
  /** The same for the tuned model's first choice at each position of the given texts; null: not computed yet. */
  fixedTexts: originSchema.nullable(),
});
type Results = z.infer<typeof resultsSchema>;

export const rankOriginExperiment = defineExperiment<PairRequest, Results>({
  kind: 'rank-origin',
  title: 'Where the words come from',
  request: pairRequestSchema,
  results: resultsSchema,
  definitions: [
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
  ],

  async perform(request, context) {
    const pair = new OpenPair(request.pair, context);
    try {
      const inputs = await pair.inputs(request);
      const found = context.previous ?? (await followTexts(pair, inputs, request, context));
      context.keep(found);
      return { ...found, fixedTexts: found.fixedTexts ?? (await readTexts(pair, inputs, context)) };
    } finally {
      await pair.close();
    }
  },

  show(results) {
    const { fixedTexts } = results;
    const exhibits: Exhibit[] = [bucketFigure(results), shareTable(results)];
    if (results.examples.length > 0) exhibits.push(examplePassages(results));
    return {
      findings: [
        ...describeOwnTexts(results),
        ...(fixedTexts ? describeFixedTexts(results, fixedTexts) : []),
      ],
      exhibits,
    };
  },
});

async function followTexts(
  pair: OpenPair,
  { prompts }: PairInputs,
  { maxNewTokens, seed }: PairRequest,
  context: Context<Results>,
): Promise<Results> {
  const { signal } = context;
  const onShare = beginStage(context, 'the tuned model writes', [0, 0.5]);
  const continuations = await pair.use('tuned', (subject) =>
    write(subject, prompts, {
      ...{ maxNewTokens, seed, signal, onShare },
      decoding: GREEDY,
      atEnd: 'stop',
    }),
  );
  const ranking = beginStage(context, 'the base model ranks what was written', [0.5, 0.75]);
  return pair.use('base', async ({ reader, model }) => {
    const origins: Origin[][] = [];
    for (const [index, prompt] of prompts.entries()) {
      signal?.throwIfAborted();
      origins.push(await originsOf(reader, prompt, continuations[index]!));
      ranking((index + 1) / prompts.length);
    }
    return {
      ...rankOrigin(origins.flat().map(({ rank }) => rank)),
      texts: prompts.length,
      examples: deepestOf(prompts, continuations, origins, model),
      fixedTexts: null,
    };
  });
}

async function readTexts(
  pair: OpenPair,
  { texts }: PairInputs,
  context: Context<Results>,
): Promise<RankOrigin> {
  const { signal } = context;
  const read = ({ reader }: Subject, stage: string, shares: readonly [number, number]) => {
    const progress = beginStage(context, stage, shares);
    return PredictedPositions.read(reader, texts, {
      signal,
      onText: (done, total) => progress(done / total),
    });
  };
  const preferred = await pair.use('tuned', async (subject) => {
    const tokens: number[] = [];
    const positions = await read(subject, 'the tuned model reads the texts', [0.75, 0.87]);
    await positions.each((logits) => tokens.push(argMax(logits)), { signal });
    return tokens;
  });
  return pair.use('base', async (subject) => {
    const ranks: number[] = [];
    const positions = await read(subject, 'the base model reads the texts', [0.87, 1]);
    await positions.each((logits, position) => ranks.push(rankOf(logits, preferred[position]!)), { signal });
    return rankOrigin(ranks);
  });
}

/** Highest ranks first, a few of each text at most: what they have in common would else fill the list. */
function deepestOf(
  prompts: PairInputs['prompts'],
  continuations: readonly (readonly number[])[],
  origins: readonly (readonly Origin[])[],
  { tokenizer }: Subject['model'],
): Results['examples'] {
  return origins
    .flatMap((ofText, text) =>
      ofText
        .map((origin, place) => ({ ...origin, text, place }))
        .filter(({ rank }) => rank > 1)
        .sort((a, b) => b.rank - a.rank)
        .slice(0, EXAMPLES_OF_A_TEXT),
    )
    .sort((a, b) => b.rank - a.rank)
    .slice(0, EXAMPLES)
    .map(({ rank, preferred, text, place }) => {
      const tokens = [...prompts[text]!, ...continuations[text]!];
      const index = prompts[text]!.length + place;
      return {
        ...placeOf(tokens, index, tokenizer),
        rank,
        preferred: pieceAfter(tokens.slice(0, index), preferred, tokenizer),
      };
    });
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
    note: `Of each text, at most ${EXAMPLES_OF_A_TEXT}. Marked is the token that the tuned model wrote.`,
    passages: examples.map(({ rank, preferred, ...place }) => ({
      ...place,
      remark: `rank ${rank.toLocaleString('en')} with the base model, which would have written “${preferred}”`,
    })),
  };
}
