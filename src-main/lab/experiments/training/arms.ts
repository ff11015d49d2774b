/** What an experiment that trains has found of the base and of each trained model, and how it is shown. */
import { z } from 'zod';
import type { Figure, Passages, Showing, Table } from '../../../../src-preload/contract/exhibits.ts';
import { bootstrapInterval } from '../../../engine/analysis/statistics/bootstrap.ts';
import { capitalized, listOf } from '../../wording.ts';
import type { Context } from '../experiment.ts';
import { VARIETY_COLUMNS, VARIETY_DEFINITIONS, type Variety, varietyOf, varietySchema } from '../variety.ts';
import {
  humanTexts,
  type Measured,
  type Measurement,
  measurementOf,
  measurementSchema,
} from './measure-model.ts';
import { type Study, trainArms, trainedSchema } from './train-runs.ts';

export const armSchema = z.strictObject({
  /** In plain words, as within a sentence. */
  name: z.string(),
  trained: trainedSchema,
  measured: measurementSchema,
});
export type ArmFound = z.infer<typeof armSchema>;

export const armsSchema = z.strictObject({
  /** Names of all, in the order in which they are shown. */
  planned: z.array(z.string()),
  base: measurementSchema,
  /** Of the held-out text as it goes on itself; null where its windows are too short for that. */
  human: varietySchema.nullable(),
  /** Those that are there by now. */
  arms: z.array(armSchema),
});
export type ArmsFound = z.infer<typeof armsSchema>;

/**
 * Of a study on one text.
 * @param planned names of the runs in the order in which they are shown
 * @param onArm is told what was found so far, and what was measured last
 */
export async function findArms(
  study: Study,
  planned: readonly string[],
  context: Omit<Context<unknown>, 'keep' | 'previous'>,
  onArm: (found: ArmsFound, measured: Measured) => void,
): Promise<ArmsFound> {
  const human = humanTexts(study.texts[0]!.probe);
  let found: ArmsFound | undefined;
  let base: Measured | undefined;
  for await (const {
    run,
    trained,
    measured: [measured],
  } of trainArms(study, context)) {
    base ??= measured!;
    const measurement = measurementOf(measured!, base);
    const arms = found?.arms ?? [];
    found = {
      planned: [...planned],
      base: found?.base ?? measurement,
      human: human ? varietyOf(human) : null,
      arms: (run ? [...arms, { name: run.name, trained, measured: measurement }] : arms).toSorted(
        (a, b) => planned.indexOf(a.name) - planned.indexOf(b.name),
      ),
    };
    onArm(found, measured!);
  }
  return found!;
}

/** What is not there yet, in a sentence; none where all is. */
export function describeMissing({
  planned,
  arms,
}: Pick<ArmsFound, 'planned'> & { arms: readonly { name: string }[] }): string[] {
  const missing = planned.filter((name) => !arms.some((arm) => arm.name === name));
  if (missing.length === 0) return [];
  return [
    `Not there yet: ${listOf(missing)}. What is shown is what was found so far; the experiment can go on.`,
  ];
}

/** Nats between two training losses that are worth a word. */
const LOSS_GAP = 0.05;

/** How near to zero loss each came, which is not the same for all with the same number of updates. */
export function describeLosses(arms: readonly ArmFound[]): string[] {
  const byLoss = arms.toSorted((a, b) => a.trained.trainLoss - b.trained.trainLoss);
  const [best, worst] = [byLoss[0], byLoss.at(-1)];
  if (best === undefined || worst === undefined) return [];
  if (worst.trained.trainLoss - best.trained.trainLoss < LOSS_GAP) return [];
  const loss = ({ name, trained }: ArmFound) => `${trained.trainLoss.toFixed(2)} (${name})`;
  return [
    `They did not all learn the text equally well by heart: the training loss at the end goes from ${loss(best)} to ${loss(worst)}.`,
  ];
}

export const ARM_COLUMNS: Table['columns'] = [
  ...VARIETY_COLUMNS,
  {
    name: 'Same first choice as the base',
    term: 'Top-1 agreement',
    help: 'Share of positions of the held-out text at which its most likely next token is also that of the base.',
  },
  {
    name: 'Loss on the training text',
    term: 'train loss, nats',
    help: 'Mean over the last epoch. Near zero: learned by heart.',
  },
  {
    name: 'Loss on other text',
    term: 'held-out loss, nats',
    help: 'On windows that none of them was trained on, the same for all.',
  },
  { name: 'Updates', term: 'steps', help: 'How often the weights were changed.' },
  { name: 'Numbers trained', term: 'trainable parameters', help: 'How many numbers training could change.' },
  {
    name: 'Step size',
    term: 'learning rate',
    help: 'Adapters and whole models are taught at different rates.',
  },
  {
    name: 'Time',
    term: 'seconds',
    help: 'To train it on this computer. Empty where it was stopped in between.',
  },
];

/** @param papers rows of what others report, in the same columns */
export function armTable(
  title: string,
  firstColumn: Table['columns'][number],
  { base, human, arms }: ArmsFound,
  { papers = [], note = null }: { readonly papers?: Table['rows']; readonly note?: string | null } = {},
): Table {
  const before = arms[0]?.trained.trainLossBefore ?? null;
  const nothing = [null, null, null, null];
  return {
    kind: 'table',
    title,
    columns: [firstColumn, ...ARM_COLUMNS],
    rows: [
      { name: 'The base', source: null, cells: [...measuredCells(base, before), ...nothing] },
      ...arms.map(({ name, measured, trained }) => ({
        name: capitalized(name),
        source: null,
        cells: [
          ...measuredCells(measured, trained.trainLoss),
          ...[trained.updates, trained.trainableParameters, trained.learningRate, trained.seconds],
        ],
      })),
      ...(human
        ? [
            {
              name: 'The text itself, as people wrote it',
              source: null,
              cells: [...varietyCells(human), null, null, null, ...nothing],
            },
          ]
        : []),
      ...papers,
    ],
    note,
  };
}

function measuredCells(measured: Measurement, trainLoss: number | null) {
  return [...varietyCells(measured), measured.topOneAgreement, trainLoss, measured.heldOutLoss];
}

function varietyCells({ ttr, rep2, rep3 }: Variety): number[] {
  return [ttr, rep2, rep3];
}

/** A row of what a paper reports, in the columns of `armTable`. */
export function paperRow(
  name: string,
  source: string,
  reported: Partial<Variety> & { readonly topOneAgreement?: number; readonly trainableParameters?: string },
): Table['rows'][number] {
  const { ttr, rep2, rep3, topOneAgreement, trainableParameters } = reported;
  const known = [ttr, rep2, rep3, topOneAgreement, undefined, undefined, undefined, trainableParameters];
  return { name, source, cells: [...known, undefined, undefined].map((cell) => cell ?? null) };
}

/** TTR and rep-2 at places on an x axis: what most of these experiments are about. */
export function varietySeries(
  places: readonly { readonly x: number; readonly measured: Measurement }[],
): Figure['series'] {
  const series = (
    name: string,
    value: (of: Measurement) => number,
    texts: (of: Measurement) => readonly number[],
  ) => ({
    name,
    source: null,
    points: places.map(({ x, measured }): [number, number] => [x, value(measured)]),
    band: places.map(({ measured }) => meanBand(texts(measured))),
  });
  return [
    series(
      'Different tokens (TTR)',
      ({ ttr }) => ttr,
      ({ ttrs }) => ttrs,
    ),
    series(
      'Repeated pairs (rep-2)',
      ({ rep2 }) => rep2,
      ({ rep2s }) => rep2s,
    ),
  ];
}

export function varietyBars(title: string, xName: string, { base, arms }: ArmsFound): Figure {
  const all = [{ name: 'the base', measured: base }, ...arms];
  return {
    kind: 'figure',
    title,
    summary: `Different tokens (TTR): ${all.map(({ name, measured }) => `${name} ${measured.ttr.toFixed(2)}`).join(', ')}.`,
    shape: 'bars',
    xName,
    yName: 'Share',
    categories: all.map(({ name }) => capitalized(name)),
    isXLogarithmic: false,
    series: varietySeries(all.map(({ measured }, x) => ({ x, measured }))),
    note: BAND_NOTE,
  };
}

export const BAND_NOTE =
  'The intervals hold 95 % of what the means become when the texts are drawn anew (bootstrap).';

function meanBand(numbers: readonly number[]): [number, number] {
  const { low, high } = bootstrapInterval(
    numbers.length,
    (indices) => indices.reduce((sum, index) => sum + numbers[index]!, 0) / indices.length,
    { seed: 1 },
  );
  return [low, high];
}

/** How each goes on from the same beginning. */
export function examplePassages({ base, arms }: ArmsFound): Passages {
  return {
    kind: 'passages',
    title: 'The same beginning, written on',
    note: 'Marked is what each has written, always choosing the most likely token.',
    passages: [{ name: 'the base', measured: base }, ...arms].map(({ name, measured }) => ({
      before: measured.example.prompt,
      marked: measured.example.text,
      after: '',
      remark: capitalized(name),
    })),
  };
}

/** How all experiments that train do it. */
export const ARM_DEFINITIONS: Showing['definitions'] = [
  {
    term: 'The same for all',
    text: 'Each begins with the same model and makes the same number of updates with the same seed; stop rules do not count. All continue the same first tokens of the same held-out windows, which none of them was trained on.',
    source: null,
  },
  ...VARIETY_DEFINITIONS,
  {
    term: 'Top-1 agreement',
    text: 'Share of the positions of the held-out windows, each but the last of a window, at which two models think the same token most likely.',
    source: null,
  },
  {
    term: 'Step size (learning rate)',
    text: 'As asked for where the same kind of weights learns, whole model or adapters; for the other kind in the proportion of the lab’s quick recipe, where adapters learn at twice the rate. The papers do not tell the rate of their adapters: this is the lab’s choice.',
    source: null,
  },
];
