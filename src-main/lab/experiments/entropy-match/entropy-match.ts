/**
 * "Not temperature": the base model is made as sure as the tuned one by one temperature, and compared with it. Greedy, that
 * changes nothing, which is shown and not taken for granted; drawn by chance, it shows what sureness alone does to texts.
 */
import { argMax, topOneAgreement } from '../../../engine/analysis/diversity/predictions.ts';
import { PredictedPositions } from '../../../engine/analysis/predicted-positions.ts';
import {
  atTemperature,
  matchTemperature,
  meanEntropies,
} from '../../../engine/analysis/temperature-match.ts';
import { GREEDY } from '../../../engine/generation/decoding.ts';
import { type Context, defineExperiment } from '../experiment.ts';
import { type PairRequest, pairRequestSchema } from '../inputs.ts';
import { OpenPair, type PairInputs, type Subject, type WritingOptions, write } from '../open-pair.ts';
import { beginStage } from '../progress.ts';
import { varietyOf } from '../variety.ts';
import { type EntropyMatchResults, entropyMatchResultsSchema, type Written } from './results.ts';
import { ENTROPY_MATCH_DEFINITIONS, showEntropyMatch } from './showing.ts';
import { readPlaces, sliderTemperatures } from './temperature-places.ts';

/** Where the curve of the figure is computed; 1 is among them. */
const CURVE = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1, 1.25, 1.5, 2];
/** Temperatures that are tried, mostly, until the right one is found. */
const USUAL_LOOKS = 6;
/** Texts that are kept to be shown. */
const EXAMPLES = 3;

export const entropyMatchExperiment = defineExperiment<PairRequest, EntropyMatchResults>({
  kind: 'entropy-match',
  title: 'Not temperature',
  request: pairRequestSchema,
  results: entropyMatchResultsSchema,
  definitions: ENTROPY_MATCH_DEFINITIONS,
  show: showEntropyMatch,
  detail: ({ picture }) => picture,

  async perform(request, context) {
    const pair = new OpenPair(request.pair, context);
    try {
      const inputs = await pair.inputs(request);
      let found = context.previous ?? (await measure(pair, inputs, context));
      for (const side of ['base', 'tuned'] as const) {
        context.keep(found);
        if (found.written.some(({ way }) => way === side)) continue;
        const writing = side === 'base' ? writeBase : writeTuned;
        found = await pair.use(side, (subject) => writing(subject, inputs, request, context, found));
      }
      return found;
    } finally {
      await pair.close();
    }
  },
});

async function measure(
  pair: OpenPair,
  inputs: PairInputs,
  context: Context<EntropyMatchResults>,
): Promise<EntropyMatchResults> {
  const tuned = await pair.use('tuned', async (subject) => {
    const positions = await read(subject, inputs, context, 'the tuned model reads the texts', [0, 0.12]);
    const [entropy] = await meanEntropies(positions, [1], context);
    return { entropy: entropy!, choices: await firstChoices(positions, context) };
  });
  const base = await pair.use('base', async (subject) => {
    const positions = await read(subject, inputs, context, 'the base model reads the texts', [0.12, 0.24]);
    return { ...(await matchBase(positions, tuned.entropy, context)), positions: positions.count };
  });
  const temperature = base.match?.[0] ?? null;
  const temperatures = sliderTemperatures(temperature);
  const choices = { base: base.choices, tuned: tuned.choices };
  return {
    positions: base.positions,
    entropyBase: base.curve.find(([at]) => at === 1)![1],
    entropyTuned: tuned.entropy,
    temperature,
    entropyAtTemperature: base.match?.[1] ?? null,
    top1Agreement: topOneAgreement(base.choices, tuned.choices),
    top1AgreementAtTemperature: base.agreement,
    ...{ greedyIdentical: null, identicalTexts: null, texts: inputs.prompts.length },
    curve: base.curve,
    prompts: await pair.use('base', async ({ model: { tokenizer } }) =>
      inputs.prompts.slice(0, EXAMPLES).map((prompt) => tokenizer.decode(prompt)),
    ),
    written: [],
    picture: {
      temperatures,
      matched: temperature,
      places: await readPlaces(pair, inputs, choices, temperatures),
    },
  };
}

/** The base's entropy at temperatures, the one that is looked for, and its first choices at 1 and there. */
async function matchBase(
  positions: PredictedPositions,
  target: number,
  context: Context<EntropyMatchResults>,
) {
  const { signal } = context;
  const progress = beginStage(context, 'looking for the temperature', [0.24, 0.45]);
  const all = CURVE.length + USUAL_LOOKS;
  const entropies = await meanEntropies(positions, CURVE, {
    signal,
    onText: (done, total) => progress((CURVE.length / all) * (done / total)),
  });
  const curve = CURVE.map((temperature, index): [number, number] => [temperature, entropies[index]!]);
  let looks = 0;
  const match = await matchTemperature(
    target,
    async (temperature) => {
      const [entropy] = await meanEntropies(positions, [temperature], context);
      progress(Math.min(1, (CURVE.length + ++looks) / all));
      return entropy!;
    },
    curve,
  );
  const choices = await firstChoices(positions, context);
  const cooled = match && (await firstChoices(positions, context, atTemperature(match[0])));
  return { curve, match, choices, agreement: cooled ? topOneAgreement(choices, cooled) : null };
}

async function firstChoices(
  positions: PredictedPositions,
  { signal }: Context<EntropyMatchResults>,
  adjust = (logits: Float32Array) => logits,
): Promise<number[]> {
  const choices: number[] = [];
  await positions.each((logits) => choices.push(argMax(adjust(logits))), { signal });
  return choices;
}

async function writeBase(
  subject: Subject,
  { prompts }: PairInputs,
  request: PairRequest,
  context: Context<EntropyMatchResults>,
  found: EntropyMatchResults,
): Promise<EntropyMatchResults> {
  const { temperature } = found;
  const stage = (what: string, shares: readonly [number, number]) =>
    writingOptions(request, context, `the base model writes${what}`, shares);
  const greedy = await write(subject, prompts, { ...stage('', [0.45, 0.6]), decoding: GREEDY });
  const own = written('base', greedy, subject);
  if (temperature === null) return { ...found, written: [...found.written, own] };
  const cooled = await write(subject, prompts, {
    ...stage(' at that temperature', [0.6, 0.75]),
    decoding: GREEDY,
    adjust: atTemperature(temperature),
  });
  const drawn = await write(subject, prompts, {
    ...stage(' by chance at that temperature', [0.75, 0.88]),
    decoding: { ...GREEDY, strategy: 'sample', temperature },
  });
  const identicalTexts = greedy.filter((text, index) => text.join() === cooled[index]!.join()).length;
  return {
    ...found,
    identicalTexts,
    greedyIdentical: identicalTexts === greedy.length,
    written: [
      ...found.written,
      own,
      written('base-at-temperature', cooled, subject),
      written('base-by-chance', drawn, subject),
    ],
  };
}

async function writeTuned(
  subject: Subject,
  { prompts }: PairInputs,
  request: PairRequest,
  context: Context<EntropyMatchResults>,
  found: EntropyMatchResults,
): Promise<EntropyMatchResults> {
  const options = writingOptions(request, context, 'the tuned model writes', [0.88, 1]);
  const texts = await write(subject, prompts, { ...options, decoding: GREEDY });
  return { ...found, written: [...found.written, written('tuned', texts, subject)] };
}

function written(way: Written['way'], texts: readonly (readonly number[])[], { model }: Subject): Written {
  return {
    way,
    ...varietyOf(texts),
    examples: texts.slice(0, EXAMPLES).map((text) => model.tokenizer.decode(text)),
  };
}

/** Texts have full length, which makes measures of repetition comparable. */
function writingOptions(
  { maxNewTokens, seed }: PairRequest,
  context: Context<EntropyMatchResults>,
  stage: string,
  shares: readonly [number, number],
): Omit<WritingOptions, 'decoding'> {
  const onShare = beginStage(context, stage, shares);
  return { maxNewTokens, seed, atEnd: 'forbid', signal: context.signal, onShare };
}

function read(
  { reader }: Subject,
  { texts }: PairInputs,
  context: Context<EntropyMatchResults>,
  stage: string,
  shares: readonly [number, number],
): Promise<PredictedPositions> {
  const progress = beginStage(context, stage, shares);
  return PredictedPositions.read(reader, texts, {
    signal: context.signal,
    onText: (done, total) => progress(done / total),
  });
}
