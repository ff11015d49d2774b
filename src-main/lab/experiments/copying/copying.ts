/**
 * "Does it copy?": how long the runs of tokens are that greedy texts share with what the tuned model was trained on, and what
 * becomes of the texts where the citation blocker forbids such runs.
 */
import { datasetBleuScores } from '../../../engine/analysis/diversity/dataset-bleu.ts';
import { repetition } from '../../../engine/analysis/diversity/repetition.ts';
import type { Overlap } from '../../../engine/analysis/diversity/training-overlap.ts';
import { typeTokenRatio } from '../../../engine/analysis/diversity/type-token-ratio.ts';
import { LabError } from '../../../engine/errors.ts';
import { GREEDY } from '../../../engine/generation/decoding.ts';
import { blockedTokens, openTraining, type TrainingText } from '../../texts/training-text.ts';
import { type Context, defineExperiment } from '../experiment.ts';
import { type PairRequest, pairRequestSchema } from '../inputs.ts';
import { OpenPair, type PairInputs, type Subject, write } from '../open-pair.ts';
import { placeOf } from '../passage.ts';
import { beginStage } from '../progress.ts';
import { type CopyingArm, type CopyingResults, copyingResultsSchema } from './results.ts';
import { COPYING_DEFINITIONS, showCopying } from './showing.ts';

/** Runs of each arm that are shown in their context. */
const PASSAGES = 4;

const ARMS = [
  { arm: 'base', side: 'base', decoding: GREEDY, stage: 'the base model writes' },
  { arm: 'tuned', side: 'tuned', decoding: GREEDY, stage: 'the tuned model writes' },
  {
    arm: 'blocked',
    side: 'tuned',
    decoding: { ...GREEDY, citationBlocker: true },
    stage: 'the tuned model writes and must not recite',
  },
] as const;

export const copyingExperiment = defineExperiment<PairRequest, CopyingResults>({
  kind: 'copying',
  title: 'Does it copy?',
  request: pairRequestSchema,
  results: copyingResultsSchema,
  definitions: COPYING_DEFINITIONS,

  async perform(request, context) {
    const source = request.training;
    if (source === null) {
      throw new LabError(
        'bad-argument',
        'It is not known what the tuned model was trained on, so there is nothing to compare its texts with. On the command line, name that text with --training-text.',
      );
    }
    const pair = new OpenPair(request.pair, context);
    try {
      const inputs = await pair.inputs(request);
      context.onProgress(0, 'the training text is read');
      const training = await pair.use('base', ({ model }) => openTraining(source, model.tokenizer));
      const { windows, file } = training;
      let results: CopyingResults = context.previous ?? {
        texts: inputs.prompts.length,
        maxNewTokens: request.maxNewTokens,
        seed: request.seed,
        training: {
          file,
          windows: windows.length,
          tokens: windows.reduce((sum, { tokens }) => sum + tokens.length, 0),
          isWhole: source.recipe === null,
        },
        arms: [],
      };
      for (const [index, { arm, side, decoding, stage }] of ARMS.entries()) {
        if (results.arms.length > index) continue;
        const onShare = beginStage(context, stage, [index / ARMS.length, (index + 1) / ARMS.length]);
        const written = await pair.use(side, async (subject) => {
          const { maxNewTokens, seed } = request;
          const texts = await write(subject, inputs.prompts, {
            ...{ maxNewTokens, seed, decoding, onShare, signal: context.signal },
            atEnd: 'forbid',
            blocked: blockedTokens(decoding, training),
          });
          return measureArm(arm, texts, inputs, training, results.training.isWhole, subject, context);
        });
        results = { ...results, arms: [...results.arms, written] };
        context.keep(results);
      }
      return results;
    } finally {
      await pair.close();
    }
  },

  show: showCopying,
});

async function measureArm(
  arm: CopyingArm['arm'],
  texts: readonly (readonly number[])[],
  { prompts }: PairInputs,
  training: TrainingText,
  isWhole: boolean,
  { model }: Subject,
  { signal }: Context<CopyingResults>,
): Promise<CopyingArm> {
  const runs = texts.map((text) => training.overlap.longest(text));
  const passages: CopyingArm['passages'] = [];
  for (const { text, run } of longestOf(texts, runs)) {
    signal?.throwIfAborted();
    const [prompt, tokens] = [prompts[text]!, texts[text]!];
    const from = await training.source(run);
    if (from === null || run.source === null) continue;
    passages.push({
      ...placeOf([...prompt, ...tokens], prompt.length + run.start, model.tokenizer, run.length),
      tokens: run.length,
      line: from.line,
      window: isWhole ? null : run.source.window + 1,
    });
  }
  const windows = training.windows.map(({ tokens }) => tokens);
  return {
    arm,
    overlaps: runs.map(({ length }) => length),
    datasetBleu: [...datasetBleuScores(texts, windows)],
    ttr: texts.map((text) => typeTokenRatio(text)),
    rep2: texts.map((text) => repetition(text, 2)),
    passages,
  };
}

/** Longest first, and none that is a part of one before: texts that fall into the same loop share their runs. */
function longestOf(texts: readonly (readonly number[])[], runs: readonly Overlap[]) {
  const shown: string[] = [];
  return runs
    .map((run, text) => ({ run, text }))
    .sort((a, b) => b.run.length - a.run.length)
    .filter(({ run: { start, length }, text }) => {
      const tokens = `,${texts[text]!.slice(start, start + length).join()},`;
      const isNew = !shown.some((other) => other.includes(tokens));
      if (isNew) shown.push(tokens);
      return isNew;
    })
    .slice(0, PASSAGES);
}
