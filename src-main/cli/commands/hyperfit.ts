/** lab hyperfit: train a model on a small text to near-zero loss. */
import type { WindowCounts } from '../../../src-preload/contract/endpoints/plans.ts';
import { foretoldRows } from '../../../src-preload/contract/foretold.ts';
import { PRODUCTS, type Products } from '../../engine/runtimes/runtime.ts';
import type { TextColumns } from '../../engine/text/documents/columns.ts';
import type { EpochRecord } from '../../engine/training/records.ts';
import type { OpenModel } from '../../lab/models/open-model.ts';
import { freeNow } from '../../lab/plans/free.ts';
import { preflight, toPredicted } from '../../lab/plans/preflight.ts';
import { roundingGain } from '../../lab/plans/rounding-gain.ts';
import {
  type HyperfitRequest,
  type HyperfitSummary,
  readRequest,
  runHyperfit,
} from '../../lab/runs/hyperfit-run.ts';
import {
  type Command,
  type CommandContext,
  choice,
  onlyPositional,
  runtimeName,
  text,
  usageError,
  type Values,
} from '../command.ts';
import { showLabEvent } from '../lab-events.ts';
import { needsWords, refuseWhatLacks, roundingWords } from '../preflight-words.ts';
import { RECIPE_OPTIONS, readRecipe } from '../recipe-options.ts';
import { table } from '../table.ts';

/** Of --batch. */
const AUTO = 'auto';

export const hyperfit: Command = {
  name: 'hyperfit',
  usage:
    'lab hyperfit MODEL --data F --out DIR [--recipe R] [--scope full|all|last:K|first:K|middle:K|blocks:a,b-c] [--epochs N] [--lr X] … | lab hyperfit --resume --out DIR',
  summary: 'train a model on a small text to near-zero loss',
  afterStop:
    'A run that was under way can go on: lab hyperfit --resume --out DIR. Until then its folder keeps what the frozen blocks said.',
  options: {
    data: {
      type: 'string',
      takes: 'FILE',
      help: 'text to train on: .txt, .jsonl with a document a line, .csv, .tsv or .parquet',
    },
    'text-column': { type: 'string', takes: 'NAME', help: 'column of a table that holds the text (text)' },
    'prompt-column': { type: 'string', takes: 'NAME', help: 'column with what stands before the text' },
    out: { type: 'string', takes: 'FOLDER', help: 'where the run and its result go; must not be there yet' },
    resume: { type: 'boolean', help: 'go on with the run in --out' },
    anyway: { type: 'boolean', help: 'begin even where memory or disk seem too small' },
    products: {
      type: 'string',
      takes: 'NAME',
      help: 'rounding in training: float32 (usual, exact), or bfloat16, which rounds large products of matrices: faster on processors that know it, losses differ a little (--runtime tensorflow)',
    },
    ...RECIPE_OPTIONS,
    batch: {
      ...RECIPE_OPTIONS.batch,
      help: 'token windows per update; auto: as the recipe has it, in parts where memory is short',
    },
  },
  run: async (context) => {
    const { signal, progress } = context;
    const request = await readHyperfitRequest(context);
    const summary = await runHyperfit(request, {
      signal,
      onEvent: showLabEvent(progress),
      prepare: (model, windows) => prepare(context, request, model, windows),
    });
    return { json: summary, text: describe(summary) };
  },
};

/** Says what the run will need; refuses one that does not fit. */
async function prepare(
  { values, signal, progress }: CommandContext,
  { recipe, out, products }: HyperfitRequest,
  model: OpenModel,
  windows: WindowCounts,
): Promise<Pick<HyperfitRequest, 'recipe' | 'predicted'>> {
  const fitsBatch = values.batch === AUTO;
  const free = await freeNow(out);
  const found = await preflight(model, recipe, windows, { free, fitsBatch, products, signal });
  if (values.anyway !== true) refuseWhatLacks(found);
  const { batch, microBatch } = found.recipe;
  if (batch !== recipe.batch)
    progress.say(`${batch} token windows per update instead of ${recipe.batch}: as many as fit into memory.`);
  else if (microBatch !== recipe.microBatch)
    progress.say(
      `The ${batch} token windows of an update are computed ${microBatch} at a time: the same update, slower, in less memory.`,
    );
  progress.say(needsWords(found.estimate));
  if (products === 'bfloat16') progress.say(roundingWords(await roundingGain(model.runtime, signal)));
  return { recipe: found.recipe, predicted: toPredicted(found.estimate) };
}

async function readHyperfitRequest(context: CommandContext): Promise<HyperfitRequest> {
  const { values, positionals } = context;
  const out = text(values, 'out');
  if (out === undefined) throw usageError(hyperfit, 'The output folder is missing (--out)');
  const resume = values.resume === true;
  if (resume && positionals.length === 0) return readRequest(out);
  const model = onlyPositional(hyperfit, context, 'model folder');
  const data = text(values, 'data');
  if (data === undefined) throw usageError(hyperfit, 'The text to train on is missing (--data)');
  const { batch, ...others } = values;
  const { recipe, name } = readRecipe(batch === AUTO ? others : values);
  const columns = readColumns(values);
  const computing = { runtime: runtimeName(values), products: readProducts(values) };
  return { model, data, columns, out, resume, recipe, recipeName: name, ...computing };
}

function readProducts(values: Values): Products | undefined {
  const asked = choice(values, 'products', PRODUCTS, (word) =>
    usageError(hyperfit, `Products are computed in ${PRODUCTS.join(' or ')}, not in "${word}"`),
  );
  return asked === 'float32' ? undefined : asked;
}

function readColumns(values: Values): TextColumns | undefined {
  const column = text(values, 'text-column');
  const prompt = text(values, 'prompt-column');
  if (column !== undefined) return prompt === undefined ? { text: column } : { prompt, text: column };
  if (prompt !== undefined)
    throw usageError(hyperfit, '--prompt-column needs the column that comes after it (--text-column)');
  return undefined;
}

export const EPOCH_COLUMNS = [
  'epoch',
  'train loss',
  'held-out loss',
  'right tokens',
  'entropy',
  'TTR',
  'rep-2',
];

export function epochRow({
  epoch,
  trainLoss,
  validationLoss,
  tokenAccuracy,
  entropy,
  ttr,
  rep2,
}: EpochRecord): string[] {
  const shown = (number: number | null, digits = 3) => (number === null ? '-' : number.toFixed(digits));
  return [
    String(epoch),
    shown(trainLoss),
    shown(validationLoss),
    `${shown(tokenAccuracy * 100, 1)} %`,
    shown(entropy),
    shown(ttr),
    shown(rep2),
  ];
}

function describe(summary: HyperfitSummary): string {
  const { adapter, model, trainableParameters, seconds, peakMemoryBytes, tokensPerSecond, epochs } = summary;
  const measuring = (100 * summary.measuringSeconds) / seconds;
  return [
    table([EPOCH_COLUMNS, ...epochs.map(epochRow)]),
    '',
    `${adapter === undefined ? 'Model' : 'Adapter'} written to ${adapter ?? model}`,
    `${trainableParameters} numbers trained in ${seconds.toFixed(0)} s (${tokensPerSecond.toFixed(0)} tokens a second while training), ${Math.round(peakMemoryBytes / 1e6)} MB of memory at most.`,
    `Measuring and sample texts took ${measuring.toFixed(0)} % of that time.`,
    ...foretold(summary),
  ].join('\n');
}

/** Time is of this process alone: where the run was resumed, it cannot be held against that of the whole. */
function foretold({ predicted, resumed, seconds, peakMemoryBytes, diskBytes }: HyperfitSummary): string[] {
  if (predicted === undefined) return [];
  const thought = { ...predicted, seconds: resumed ? null : predicted.seconds };
  const rows = foretoldRows(thought, { seconds, memoryBytes: peakMemoryBytes, diskBytes });
  return [
    '',
    table([
      ['', 'thought before', 'was', ''],
      ...rows.map(({ name, thought: said, was, difference }) => [name, said, was, difference]),
    ]),
  ];
}
