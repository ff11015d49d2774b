/** lab analyse: the papers' experiments on two models, or on models that are trained for it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { TRAINING_EXPERIMENTS } from '../../../src-preload/contract/training-experiments.ts';
import { LabError } from '../../engine/errors.ts';
import { writeFileDurably } from '../../engine/formats/durable-files.ts';
import { parseArm } from '../../lab/comparison/arms.ts';
import type { Pair, PairRequest, TextSource, TrainingRequest } from '../../lab/experiments/inputs.ts';
import { findExperiment } from '../../lab/experiments/registry.ts';
import { analyseCommand, seedOf } from '../../lab/report/again.ts';
import { renderStudy, studyFacts } from '../../lab/report/study.ts';
import { ownVersion } from '../../own-version.ts';
import {
  type Command,
  type CommandContext,
  number,
  runtimeName,
  text,
  texts,
  usageError,
  type Values,
  wholeNumber,
} from '../command.ts';
import { RECIPE_OPTIONS, readRecipe } from '../recipe-options.ts';
import { describeShowing } from '../showing.ts';

const PROMPT_TOKENS = 32;
const NEW_TOKENS = 96;
/** Along which a window of 96 slides. */
const LONG_TEXT_TOKENS = 448;
/** Li et al. 2026, as summaries of the paper have it. */
const TOP_TOKENS = 500;
const STRENGTHS = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5];

export const analyse: Command = {
  name: 'analyse',
  usage:
    'lab analyse entropy-match|static-injection|rank-origin|geometry|copying|ttr-position BASE TUNED --texts F [--prompts F] … | lab analyse strategies|data-size|order|domains MODEL --data F … | lab analyse learning-curve RUN',
  summary: "why it works: the papers' experiments",
  afterStop: 'With --out, runs that it had trained stay: the same command goes on with them.',
  options: {
    texts: { type: 'string', takes: 'FILE', help: 'texts that both models read' },
    prompts: { type: 'string', takes: 'FILE', help: 'texts that are continued: .txt, one a line, or .jsonl' },
    'prompt-tokens': {
      type: 'string',
      takes: 'N',
      help: 'without --prompts, so many first tokens of each text (32)',
    },
    'max-new-tokens': {
      type: 'string',
      takes: 'N',
      help: `tokens to write (${NEW_TOKENS}; ttr-position: ${LONG_TEXT_TOKENS})`,
    },
    'training-text': { type: 'string', takes: 'FILE', help: 'copying: what TUNED was trained on' },
    'top-tokens': {
      type: 'string',
      takes: 'N',
      help: `static-injection: tokens that are lifted (${TOP_TOKENS})`,
    },
    strengths: { type: 'string', takes: 'A,B', help: `static-injection: how strongly (${STRENGTHS.join()})` },
    data: { type: 'string', multiple: true, takes: 'FILE', help: 'text to train on; domains: several' },
    scopes: {
      type: 'string',
      takes: 'A,B',
      help: `strategies: what learns (${TRAINING_EXPERIMENTS.scopes.join()})`,
    },
    sizes: { type: 'string', takes: 'A,B', help: 'data-size: how many windows are trained on' },
    orders: {
      type: 'string',
      takes: 'N',
      help: `order: how many orders of the same text (${TRAINING_EXPERIMENTS.orders})`,
    },
    inputs: {
      type: 'string',
      takes: 'JSON',
      help: 'all that is asked, as reports and --json have it, or a file with it; in place of the rest',
    },
    report: { type: 'string', takes: 'FILE', help: 'also write an HTML report' },
    out: { type: 'string', takes: 'FOLDER', help: 'where trained runs stay, to go on with after Ctrl-C' },
    ...RECIPE_OPTIONS,
  },
  run: async (context) => {
    const [kind = ''] = context.positionals;
    const { signal, progress, values } = context;
    const experiment = findExperiment(kind);
    const inputs = text(values, 'inputs');
    const request = inputs === undefined ? await readRequest(kind, context) : await readInputs(inputs);
    const runtime = runtimeName(values);
    const out = text(values, 'out');
    const folder = out ?? (await mkdtemp(path.join(os.tmpdir(), 'hyperfit-lab-')));
    try {
      const results = await experiment.perform(request, {
        ...{ runtime, signal, folder },
        previous: undefined,
        onProgress: (share, stage) => progress.show(stage, share),
        keep: () => {},
      });
      const showing = experiment.show(results);
      const report = text(values, 'report');
      if (report !== undefined)
        await writeFileDurably(
          report,
          renderStudy({
            title: experiment.title,
            parts: [
              {
                ...{ name: experiment.title, title: experiment.title, created: null, showing },
                again: { command: analyseCommand(experiment.kind, request, runtime) },
                seed: seedOf(request),
              },
            ],
            facts: studyFacts(await ownVersion(), runtime),
          }),
        );
      const definitions = Object.fromEntries(showing.definitions.map(({ term, text }) => [term, text]));
      return {
        json: { experiment: kind, inputs: request, definitions, results },
        text: describeShowing(experiment.title, showing),
      };
    } catch (error) {
      if (signal.aborted && out !== undefined)
        progress.say(`What was trained stays in ${out}: the same command goes on from there.`);
      throw error;
    } finally {
      if (out === undefined) await rm(folder, { recursive: true, force: true });
    }
  },
};

/** As JSON, a file with it, or a file with all that `--json` printed. */
async function readInputs(given: string): Promise<unknown> {
  const written = given.trimStart().startsWith('{') ? given : await readFile(given, 'utf8').catch(() => '');
  const object = z.record(z.string(), z.unknown());
  const parsed = object.safeParse(parseJson(written));
  if (parsed.success) return parsed.data.inputs ?? parsed.data;
  throw new LabError('bad-argument', `--inputs is neither a JSON object nor a file with one: ${given}`, {
    option: 'inputs',
  });
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written) as unknown;
  } catch {
    return undefined;
  }
}

async function readRequest(kind: string, { positionals, values }: CommandContext): Promise<unknown> {
  const [, first, second, ...rest] = positionals;
  if (first === undefined) throw usageError(analyse, 'The model is missing');
  const isPair = !['strategies', 'data-size', 'order', 'domains', 'learning-curve'].includes(kind);
  const tooMany = isPair ? rest[0] : (second ?? rest[0]);
  if (tooMany !== undefined) throw usageError(analyse, `"${tooMany}" is one word too many`);
  if (kind === 'learning-curve') return { out: first };
  if (isPair) {
    const newTokens = kind === 'ttr-position' ? LONG_TEXT_TOKENS : NEW_TOKENS;
    const request = await readPairRequest(first, second, newTokens, values);
    if (kind !== 'static-injection') return request;
    const topTokens = number(values, 'top-tokens', wholeNumber) ?? TOP_TOKENS;
    return {
      ...request,
      topTokens,
      strengths: numbers(values, 'strengths', z.number().positive()) ?? STRENGTHS,
    };
  }
  const data = texts(values, 'data');
  if (data.length === 0) throw usageError(analyse, 'The text to train on is missing (--data)');
  const training = readTrainingRequest(first, values);
  if (kind === 'domains') return { ...training, domains: data.map((file) => ({ data: file })) };
  if (data.length > 1) throw usageError(analyse, `Only "domains" takes several texts (--data)`);
  const request = { ...training, data: data[0] };
  const { scopes, orders, sizes } = TRAINING_EXPERIMENTS;
  // A comma before a number belongs to the blocks of one scope.
  if (kind === 'strategies')
    return { ...request, scopes: text(values, 'scopes')?.split(/,(?!\s*\d)/) ?? scopes };
  if (kind === 'order') return { ...request, orders: number(values, 'orders', wholeNumber) ?? orders };
  const { recipe } = training;
  const isUsual = values.recipe === undefined && values.windows === undefined;
  return {
    ...request,
    sizes:
      numbers(values, 'sizes', wholeNumber) ?? (isUsual ? sizes : halvings(recipe.windows, recipe.batch)),
  };
}

async function readPairRequest(
  base: string,
  tuned: string | undefined,
  newTokens: number,
  values: Values,
): Promise<PairRequest> {
  if (tuned === undefined)
    throw usageError(analyse, 'The tuned model is missing (a folder, or MODEL:ADAPTER)');
  const { model, adapter } = await parseArm(tuned);
  const pair: Pair = { base, tuned: { model, adapter } };
  const [textFile, promptFile] = [text(values, 'texts'), text(values, 'prompts')];
  const file = (given: string, byLine: boolean, firstTokens: number | null): TextSource => ({
    kind: 'file',
    file: given,
    byLine,
    firstTokens,
  });
  const read = textFile ?? promptFile;
  if (read === undefined) throw usageError(analyse, 'There is no text (--texts or --prompts)');
  const firstTokens = number(values, 'prompt-tokens', wholeNumber) ?? PROMPT_TOKENS;
  const trainingText = text(values, 'training-text');
  return {
    pair,
    texts: file(read, textFile === undefined, null),
    prompts: promptFile === undefined ? file(read, false, firstTokens) : file(promptFile, true, null),
    training: trainingText === undefined ? null : { data: trainingText, recipe: null },
    maxNewTokens: number(values, 'max-new-tokens', wholeNumber) ?? newTokens,
    seed: number(values, 'seed') ?? 1,
  };
}

function readTrainingRequest(model: string, values: Values): TrainingRequest {
  const usual = TRAINING_EXPERIMENTS;
  return {
    model,
    recipe: readRecipe(values, usual).recipe,
    texts: usual.texts,
    promptTokens: number(values, 'prompt-tokens', wholeNumber) ?? usual.promptTokens,
    maxNewTokens: number(values, 'max-new-tokens', wholeNumber) ?? usual.maxNewTokens,
  };
}

function numbers(values: Values, name: string, schema: z.ZodType<number>): number[] | undefined {
  return text(values, name)
    ?.split(',')
    .map((part) => number({ [name]: part }, name, schema)!);
}

/** All windows, half of them, … down to one batch, as Carlsson et al. 2025 did. */
function halvings(windows: number, batch: number): number[] {
  const sizes = [windows];
  while (sizes.at(-1)! / 2 >= batch) sizes.push(Math.floor(sizes.at(-1)! / 2));
  return sizes;
}
