/** "How long?": how the writing changed along a run that is there, epoch by epoch, against what was learned by then. */
import { z } from 'zod';
import type { Figure, Table } from '../../../../src-preload/contract/exhibits.ts';
import { MEASURE_WORDS } from '../../../../src-preload/contract/measure-words.ts';
import { mean } from '../../../engine/analysis/diversity/mean.ts';
import { LabError } from '../../../engine/errors.ts';
import { RunFolder } from '../../../engine/training/run-folder.ts';
import { countOf, percent } from '../../wording.ts';
import { defineExperiment } from '../experiment.ts';
import { VARIETY_DEFINITIONS } from '../variety.ts';

const requestSchema = z.strictObject({
  /** Run folder. */
  out: z.string(),
});

const pointSchema = z.strictObject({
  epoch: z.int(),
  trainLoss: z.number(),
  heldOutLoss: z.number().nullable(),
  ttr: z.number(),
  rep2: z.number(),
});
type Point = z.infer<typeof pointSchema>;

const resultsSchema = z.strictObject({
  /** Sample texts of each epoch. */
  texts: z.int(),
  epochs: z.array(pointSchema),
});
type Results = z.infer<typeof resultsSchema>;

const PAPER = 'Carlsson et al. 2025, Figure 2, TinyLlama: read off the authors’ figure, to about 0.005';
/** Epoch, train loss, held-out loss, TTR. */
const FIGURE_2: readonly (readonly [number, number, number, number])[] = [
  [0, 3.57, 3.57, 0.244],
  [1, 2.82, 2.7, 0.431],
  [2, 2.14, 2.76, 0.551],
  [3, 1.43, 3.08, 0.621],
  [4, 0.8, 3.55, 0.621],
  [5, 0.37, 4.05, 0.651],
  [6, 0.15, 4.4, 0.653],
  [7, 0.085, 4.72, 0.653],
  [8, 0.067, 4.93, 0.666],
  [9, 0.062, 5.03, 0.643],
  [10, 0.057, 5.12, 0.659],
  [12, 0.072, 5.01, 0.667],
  [14, 0.077, 4.89, 0.663],
  [16, 0.067, 5.03, 0.654],
  [18, 0.057, 5.14, 0.667],
  [20, 0.057, 5.21, 0.645],
];

/** The gain counts as made when so much of it is there. */
const GAIN = 0.9;
/** Epochs whose mean counts as the end: a single one may be high or low by chance. */
const LAST_EPOCHS = 3;

export const learningCurveExperiment = defineExperiment<z.infer<typeof requestSchema>, Results>({
  kind: 'learning-curve',
  title: 'How long?',
  request: requestSchema,
  results: resultsSchema,
  definitions: [
    ...VARIETY_DEFINITIONS,
    {
      term: 'Where the gain was made',
      text: `The first epoch at which the share of different tokens has risen by ${GAIN * 100} % of what it has risen by in the end; the end is the mean of the last ${LAST_EPOCHS} epochs that were measured.`,
      source: null,
    },
    {
      term: 'Train loss and held-out loss',
      text: 'Mean cross-entropy in nats: of the epoch’s updates, each before it is made (at epoch 0 of the first training windows), and of the held-out windows after the epoch.',
      source: null,
    },
  ],

  async perform({ out }, { onProgress }) {
    onProgress(0, 'Reading the run');
    const folder = await RunFolder.open(out);
    if (folder === undefined) throw new LabError('file-not-found', `There is no run in ${out}.`, { out });
    const records = await folder.readEpochs();
    const epochs = records.flatMap(({ epoch, trainLoss, validationLoss, ttr, rep2 }) =>
      ttr === null || rep2 === null ? [] : [{ epoch, trainLoss, heldOutLoss: validationLoss, ttr, rep2 }],
    );
    if (epochs.length < 2) {
      throw new LabError(
        'bad-argument',
        records.length < 2
          ? 'This run has not come to the end of its first epoch yet, so there is no curve. Let it go on.'
          : 'This run has written no texts on its way, so it cannot be seen how they changed. Begin one that writes texts at every epoch and keeps windows to measure with.',
        { out },
      );
    }
    return { texts: records[0]!.samples.length, epochs };
  },

  show(results) {
    return {
      findings: describeGain(results),
      exhibits: [lossFigure(results), varietyByEpoch(results), lossByEpoch(results), epochTable(results)],
    };
  },
});

interface Gain {
  readonly before: number;
  readonly end: number;
  /** Undefined where there is no gain. */
  readonly at: { readonly epoch: number; readonly trainLoss: number } | undefined;
}

function gainOf(points: readonly Pick<Point, 'epoch' | 'trainLoss' | 'ttr'>[]): Gain {
  const before = points[0]!.ttr;
  const end = mean(
    points
      .slice(1)
      .slice(-LAST_EPOCHS)
      .map(({ ttr }) => ttr),
  );
  const at = end > before ? points.find(({ ttr }) => ttr >= before + GAIN * (end - before)) : undefined;
  return { before, end, at };
}

function describeGain({ texts, epochs }: Results): string[] {
  const { before, end, at } = gainOf(epochs);
  const last = epochs.at(-1)!;
  if (at === undefined) {
    return [
      `The texts did not become more varied along this run: ${percent(before)} different tokens before it, ${percent(end)} at its end, where the training loss was ${last.trainLoss.toFixed(2)}.`,
    ];
  }
  const paper = gainOf(FIGURE_2.map(([epoch, trainLoss, , ttr]) => ({ epoch, trainLoss, ttr })));
  const best = epochs.reduce((lowest, point) =>
    (point.heldOutLoss ?? Infinity) < (lowest.heldOutLoss ?? Infinity) ? point : lowest,
  );
  return [
    `Along this run, different tokens rose from ${percent(before)} to ${percent(end)}. ${GAIN * 100} % of that was there at epoch ${at.epoch} of ${last.epoch}, at a training loss of ${at.trainLoss.toFixed(2)}; the run ended at ${last.trainLoss.toFixed(2)}.`,
    ...(best.heldOutLoss === null || best === last
      ? []
      : [
          `The loss on other text was lowest at epoch ${best.epoch} (${best.heldOutLoss.toFixed(2)}), where usual training would have stopped: different tokens were ${percent(best.ttr)} there.`,
        ]),
    `In the paper’s curve for TinyLlama, reckoned in the same way from its figure, the same part of the gain was there at epoch ${paper.at!.epoch} of 20, at a training loss of ${paper.at!.trainLoss.toFixed(2)}: most of the gain comes long before the loss is near zero.`,
    ...(texts < 16
      ? [`Each point is the mean of ${countOf(texts, 'text')} only, so single points say little.`]
      : []),
  ];
}

function lossFigure({ epochs }: Results): Figure {
  const byLoss = epochs.toSorted((a, b) => a.trainLoss - b.trainLoss);
  const last = epochs.at(-1)!;
  return {
    kind: 'figure',
    title: 'Variety against what was learned',
    summary: `At a training loss of ${epochs[0]!.trainLoss.toFixed(2)} before the run, ${percent(epochs[0]!.ttr)} of the tokens are different ones; at ${last.trainLoss.toFixed(2)} at its end, ${percent(last.ttr)}.`,
    shape: 'lines',
    xName: 'Training loss (nats)',
    yName: 'Share',
    categories: null,
    isXLogarithmic: false,
    series: [
      measuredSeries(
        'Different tokens (TTR)',
        byLoss.map(({ trainLoss, ttr }) => [trainLoss, ttr]),
      ),
      measuredSeries(
        'Repeated pairs (rep-2)',
        byLoss.map(({ trainLoss, rep2 }) => [trainLoss, rep2]),
      ),
      paperSeries(
        'Different tokens (TTR)',
        FIGURE_2.map(([, trainLoss, , ttr]): [number, number] => [trainLoss, ttr]).sort(([a], [b]) => a - b),
      ),
    ],
    note: 'A run goes from right to left: the loss falls while it learns the text by heart.',
  };
}

function varietyByEpoch({ epochs }: Results): Figure {
  return byEpoch('Variety, epoch by epoch', 'Share', [
    measuredSeries(
      'Different tokens (TTR)',
      epochs.map(({ epoch, ttr }) => [epoch, ttr]),
    ),
    measuredSeries(
      'Repeated pairs (rep-2)',
      epochs.map(({ epoch, rep2 }) => [epoch, rep2]),
    ),
    paperSeries(
      'Different tokens (TTR)',
      FIGURE_2.map(([epoch, , , ttr]) => [epoch, ttr]),
    ),
  ]);
}

function lossByEpoch({ epochs }: Results): Figure {
  const isHeldOut = epochs.some(({ heldOutLoss }) => heldOutLoss !== null);
  const heldOut = measuredSeries(
    'Loss on other text',
    epochs.map(({ epoch, heldOutLoss }) => [epoch, heldOutLoss]),
  );
  return byEpoch('Loss, epoch by epoch', 'Nats', [
    measuredSeries(
      'Training loss',
      epochs.map(({ epoch, trainLoss }) => [epoch, trainLoss]),
    ),
    ...(isHeldOut ? [heldOut] : []),
    paperSeries(
      'Training loss',
      FIGURE_2.map(([epoch, trainLoss]) => [epoch, trainLoss]),
    ),
    paperSeries(
      'Loss on other text',
      FIGURE_2.map(([epoch, , heldOutLoss]) => [epoch, heldOutLoss]),
    ),
  ]);
}

function byEpoch(title: string, yName: string, series: Figure['series']): Figure {
  const own = series.filter(({ source }) => source === null);
  const ends = own.map(
    ({ name, points }) => `${name} from ${shown(points[0]![1])} to ${shown(points.at(-1)![1])}`,
  );
  return {
    kind: 'figure',
    title,
    summary: `${ends.join('; ')}.`,
    shape: 'lines',
    xName: 'Epoch',
    yName,
    categories: null,
    isXLogarithmic: false,
    series,
    note: null,
  };
}

function shown(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(2);
}

function epochTable({ epochs }: Results): Table {
  const ttr = MEASURE_WORDS.ttr!;
  const rep2 = MEASURE_WORDS.rep2!;
  return {
    kind: 'table',
    title: 'Every epoch',
    columns: [
      { name: 'Epoch', term: null, help: 'How often the text had been gone through. 0: before the run.' },
      { name: 'Training loss', term: 'nats', help: 'Near zero: learned by heart.' },
      {
        name: 'Loss on other text',
        term: 'held-out loss, nats',
        help: 'On windows that were not trained on.',
      },
      ttr,
      rep2,
    ],
    rows: [
      ...epochs.map((point) => ({
        name: String(point.epoch),
        source: null,
        cells: [point.trainLoss, point.heldOutLoss, point.ttr, point.rep2],
      })),
    ],
    note: null,
  };
}

function measuredSeries(name: string, points: [number, number | null][]): Figure['series'][number] {
  return { name, source: null, points, band: null };
}

function paperSeries(name: string, points: [number, number][]): Figure['series'][number] {
  return { name: `${name}, paper`, source: PAPER, points, band: null };
}
