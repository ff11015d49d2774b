/**
 * "Where the words come from": how the base model ranked each token that the tuned model writes. Along the tuned model's own
 * greedy texts, and at every position of given texts.
 */
import { argMax, rankOf } from '../../../engine/analysis/diversity/predictions.ts';
import { PredictedPositions } from '../../../engine/analysis/predicted-positions.ts';
import { type Origin, originsOf, type RankOrigin, rankOrigin } from '../../../engine/analysis/rank-origin.ts';
import { GREEDY } from '../../../engine/generation/decoding.ts';
import { type Context, defineExperiment } from '../experiment.ts';
import { type PairRequest, pairRequestSchema } from '../inputs.ts';
import { OpenPair, type PairInputs, type Subject, write } from '../open-pair.ts';
import { pieceAfter, placeOf } from '../passage.ts';
import { beginStage } from '../progress.ts';
import { type RankOriginResults, rankOriginResultsSchema } from './results.ts';
import { RANK_ORIGIN_DEFINITIONS, showRankOrigin } from './showing.ts';

/** Passages shown, and of one text. */
const EXAMPLES = 10;
const EXAMPLES_OF_A_TEXT = 2;

export const rankOriginExperiment = defineExperiment<PairRequest, RankOriginResults>({
  kind: 'rank-origin',
  title: 'Where the words come from',
  request: pairRequestSchema,
  results: rankOriginResultsSchema,
  definitions: RANK_ORIGIN_DEFINITIONS,
  show: showRankOrigin,

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
});

async function followTexts(
  pair: OpenPair,
  { prompts }: PairInputs,
  { maxNewTokens, seed }: PairRequest,
  context: Context<RankOriginResults>,
): Promise<RankOriginResults> {
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
  context: Context<RankOriginResults>,
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
): RankOriginResults['examples'] {
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
