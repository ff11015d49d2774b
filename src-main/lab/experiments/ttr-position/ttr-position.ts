/**
 * "Variety along a text": the share of different tokens in a window of 96 that slides along long greedy texts. A text that
 * falls into a loop is varied at first and never again.
 */
import { mean } from '../../../engine/analysis/diversity/mean.ts';
import { slidingTypeTokenRatios, TTR_WINDOW } from '../../../engine/analysis/diversity/type-token-ratio.ts';
import { bootstrapIntervals, pairedDifference } from '../../../engine/analysis/statistics/bootstrap.ts';
import { LabError } from '../../../engine/errors.ts';
import { GREEDY } from '../../../engine/generation/decoding.ts';
import { defineExperiment } from '../experiment.ts';
import { type PairRequest, pairRequestSchema, readTexts } from '../inputs.ts';
import { OpenPair, type PairInputs, type Subject, write } from '../open-pair.ts';
import { beginStage } from '../progress.ts';
import { type TtrPositionResults, ttrPositionResultsSchema, type WriterLine } from './results.ts';
import { showTtrPosition, TTR_POSITION_DEFINITIONS } from './showing.ts';

/** Points of a line at most. */
const MOST_POINTS = 48;

export const ttrPositionExperiment = defineExperiment<PairRequest, TtrPositionResults>({
  kind: 'ttr-position',
  title: 'Variety along a text',
  request: pairRequestSchema,
  results: ttrPositionResultsSchema,
  definitions: TTR_POSITION_DEFINITIONS,

  async perform(request, context) {
    const pair = new OpenPair(request.pair, context);
    try {
      const inputs = await pair.inputs(request);
      const { tokens, human } = await pair.use('base', async (subject) => ({
        tokens: tokensWritten(request, inputs, subject),
        human: await howTheyGoOn(request, inputs, subject),
      }));
      let results: TtrPositionResults = {
        window: TTR_WINDOW,
        tokens,
        lines: human.length === 0 ? [] : [lineOf('human', human, request.seed)],
        slower: null,
      };
      const decreases: number[][] = [];
      for (const [index, side] of (['base', 'tuned'] as const).entries()) {
        const onShare = beginStage(context, `the ${side} model writes`, [index / 2, (index + 1) / 2]);
        const texts = await pair.use(side, (subject) =>
          write(subject, inputs.prompts, {
            ...{ maxNewTokens: tokens, seed: request.seed, signal: context.signal, onShare },
            decoding: GREEDY,
            atEnd: 'forbid',
          }),
        );
        decreases.push(texts.map(decreaseOf));
        results = { ...results, lines: [...results.lines, lineOf(side, texts, request.seed)] };
        context.keep(results);
      }
      const [ofBase, ofTuned] = decreases;
      return { ...results, slower: pairedDifference(ofTuned!, ofBase!, { seed: request.seed }) };
    } finally {
      await pair.close();
    }
  },

  show: showTtrPosition,
});

/** As many as were asked for, if the model has room for them after the longest beginning. */
function tokensWritten({ maxNewTokens }: PairRequest, { prompts }: PairInputs, { model }: Subject): number {
  const { contextLength } = model.architecture.geometry;
  const longest = Math.max(...prompts.map(({ length }) => length));
  const tokens = Math.min(maxNewTokens, contextLength - longest);
  if (tokens > TTR_WINDOW) return tokens;
  throw new LabError(
    'bad-argument',
    `A window of ${TTR_WINDOW} tokens can only slide along longer texts, but ${tokens} would be written (${maxNewTokens} asked for; the model reads ${contextLength}, of which the longest beginning takes ${longest}). Let more tokens be written, or give shorter beginnings.`,
    { tokens, maxNewTokens, contextLength, longestPrompt: longest },
  );
}

/** What follows the beginnings in the texts that they were cut from; none where they are whole texts. */
async function howTheyGoOn(
  { prompts }: PairRequest,
  { prompts: beginnings }: PairInputs,
  { model }: Subject,
): Promise<number[][]> {
  if (prompts.kind === 'given' || prompts.firstTokens === null) return [];
  const whole = await readTexts({ ...prompts, firstTokens: null }, model);
  const rest = whole.map((tokens, index) => tokens.slice(beginnings[index]!.length));
  const longest = Math.max(...rest.map(({ length }) => length));
  // Those that all reach as far: a mean over other texts at every position would say nothing about positions.
  return longest > TTR_WINDOW ? rest.filter(({ length }) => length === longest) : [];
}

/** @param texts of one length, which is larger than the window */
function lineOf(
  writer: WriterLine['writer'],
  texts: readonly (readonly number[])[],
  seed: number,
): WriterLine {
  const ratios = texts.map((tokens) => slidingTypeTokenRatios(tokens));
  const last = ratios[0]!.length - 1;
  const steps = Math.min(MOST_POINTS - 1, last);
  const places = Array.from({ length: steps + 1 }, (_, point) => Math.round((point * last) / steps));
  const meansOf = (indices: ArrayLike<number>) =>
    places.map((place) => mean(Array.from(indices, (text) => ratios[text]![place]!)));
  const means = meansOf([...texts.keys()]);
  const band = bootstrapIntervals(texts.length, meansOf, { seed });
  const decreases = texts.map(decreaseOf);
  return {
    writer,
    texts: texts.length,
    points: places.map((place, point) => [place + TTR_WINDOW, means[point]!]),
    band: band.map(({ low, high }) => [low, high]),
    decrease: pairedDifference(
      decreases.map(() => 0),
      decreases,
      { seed },
    ),
  };
}

function decreaseOf(tokens: readonly number[]): number {
  const ratios = slidingTypeTokenRatios(tokens);
  return ratios[0]! - ratios.at(-1)!;
}
