/**
 * "Not a liking for some words": the tokens that the tuned model lifts most are lifted in the base as well, everywhere by the
 * same amount, ever more strongly. If hyperfitting were no more than that, the base would now write as the tuned model does.
 */
import { z } from 'zod';
import { PredictedPositions } from '../../../engine/analysis/predicted-positions.ts';
import { injection, liftedTokens, meanPredictions } from '../../../engine/analysis/static-injection.ts';
import { spearman } from '../../../engine/analysis/statistics/spearman.ts';
import { GREEDY } from '../../../engine/generation/decoding.ts';
import { type Context, defineExperiment } from '../experiment.ts';
import { pairRequestSchema } from '../inputs.ts';
import { OpenPair, type PairInputs, type Subject, write } from '../open-pair.ts';
import { pieceAfter } from '../passage.ts';
import { beginStage } from '../progress.ts';
import { type Variety, varietyOf } from '../variety.ts';
import { type StaticInjectionResults, staticInjectionResultsSchema } from './results.ts';
import { STATIC_INJECTION_DEFINITIONS, showStaticInjection } from './showing.ts';

const requestSchema = pairRequestSchema.extend({
  /** How many tokens are lifted: K. */
  topTokens: z.int().positive(),
  /** How much of the mean gain they are given: α. */
  strengths: z.array(z.number().positive()).min(2, 'there must be at least two'),
});
type Request = z.infer<typeof requestSchema>;

export const staticInjectionExperiment = defineExperiment<Request, StaticInjectionResults>({
  kind: 'static-injection',
  title: 'Not a liking for some words',
  request: requestSchema,
  results: staticInjectionResultsSchema,
  definitions: STATIC_INJECTION_DEFINITIONS,
  show: showStaticInjection,

  async perform(request, context) {
    const pair = new OpenPair(request.pair, context);
    try {
      const inputs = await pair.inputs(request);
      let found = context.previous ?? (await findLifted(pair, inputs, request, context));
      await pair.use('base', async (subject) => {
        const wanted = [0, ...new Set(request.strengths)].sort((a, b) => a - b);
        for (const [index, strength] of wanted.entries()) {
          context.keep(found);
          if (found.strengths.some((done) => done.strength === strength)) continue;
          const share = (done: number) => 0.4 + (0.6 * done) / wanted.length;
          const stage =
            strength === 0 ? 'the base model writes' : `the base model writes, lifted by ${strength}`;
          const variety = await writeLifted(subject, inputs, request, context, {
            adjust: injection(found.lifted, strength),
            onShare: beginStage(context, stage, [share(index), share(index + 1)]),
          });
          const strengths = [...found.strengths, { strength, ...variety }];
          found = { ...found, strengths, spearman: correlations(strengths) };
        }
      });
      return found;
    } finally {
      await pair.close();
    }
  },
});

async function findLifted(
  pair: OpenPair,
  inputs: PairInputs,
  request: Request,
  context: Context<StaticInjectionResults>,
): Promise<StaticInjectionResults> {
  const tuned = await pair.use('tuned', async (subject) => ({
    variety: await writeLifted(subject, inputs, request, context, {
      onShare: beginStage(context, 'the tuned model writes', [0, 0.1]),
    }),
    means: (await readMeans(subject, inputs, context, 'the tuned model reads the texts', [0.1, 0.25])).means,
  }));
  return pair.use('base', async (subject) => {
    const base = await readMeans(subject, inputs, context, 'the base model reads the texts', [0.25, 0.4]);
    const { tokenizer } = subject.model;
    return {
      positions: base.positions,
      topTokens: request.topTokens,
      lifted: liftedTokens(base.means, tuned.means, request.topTokens).map((lifted) => ({
        ...lifted,
        piece: pieceAfter([], lifted.token, tokenizer),
      })),
      texts: inputs.prompts.length,
      tuned: tuned.variety,
      strengths: [],
      spearman: correlations([]),
    };
  });
}

function correlations(strengths: StaticInjectionResults['strengths']): StaticInjectionResults['spearman'] {
  const lifted = strengths.filter(({ strength }) => strength > 0);
  const against = (measure: (found: Variety) => number) =>
    spearman(
      lifted.map(({ strength }) => strength),
      lifted.map(measure),
    );
  return { ttr: against(({ ttr }) => ttr), rep2: against(({ rep2 }) => -rep2) };
}

async function readMeans(
  { reader, model }: Subject,
  { texts }: PairInputs,
  context: Context<StaticInjectionResults>,
  stage: string,
  [from, to]: readonly [number, number],
) {
  const { signal } = context;
  const middle = (from + to) / 2;
  const reading = beginStage(context, stage, [from, middle]);
  const positions = await PredictedPositions.read(reader, texts, {
    signal,
    onText: (done, total) => reading(done / total),
  });
  const ranking = beginStage(context, stage, [middle, to]);
  const means = await meanPredictions(positions, model.architecture.geometry.vocabularySize, {
    signal,
    onText: (done, total) => ranking(done / total),
  });
  return { means, positions: positions.count };
}

/** Greedy texts of full length, which makes measures of repetition comparable. */
async function writeLifted(
  subject: Subject,
  { prompts }: PairInputs,
  { maxNewTokens, seed }: Request,
  { signal }: Context<StaticInjectionResults>,
  options: Pick<Parameters<typeof write>[2], 'adjust' | 'onShare'>,
): Promise<Variety> {
  return varietyOf(
    await write(subject, prompts, {
      ...{ maxNewTokens, seed, signal, ...options },
      decoding: GREEDY,
      atEnd: 'forbid',
    }),
  );
}
