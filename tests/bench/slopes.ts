/**
 * How training the last five blocks grows with each thing that it depends on, measured at a few places and told as a line: what one
 * more costs, and how far the measured points lie from it.
 */
import type { Comparison } from './comparison.ts';
import { type Measurement, median, type Result } from './measurement.ts';
import { type Contender, contender, type Row } from './row.ts';
import { LAST_BLOCKS, type RowOptions } from './rows.ts';
import { describeSize, type Size } from './sizes.ts';

export const SLOPE_NAMES = ['slope-blocks', 'slope-windows', 'slope-vocabulary'] as const;

/** While one thing changes, the others stay as they are. */
export function slopeRows({ model }: Size, { amounts, runtime }: RowOptions): readonly Row[] {
  const { batch, length, windows, epochs } = amounts;
  const measuredEpochs = Math.min(3, epochs);
  const { blocks, vocabulary } = model;
  const point = (x: number, changed: Partial<typeof model>, count = windows): Contender => ({
    ...contender(['point', 'lab', runtime], String(x), course({ ...model, ...changed }, count)),
    x,
  });
  const course = (sized: typeof model, count: number): Measurement => ({
    ...{ kind: 'course', model: sized, scope: `last:${LAST_BLOCKS}` },
    ...{ batch, length, windows: count, epochs: measuredEpochs, measuredEpochs },
  });
  const title = (what: string) =>
    `LoRA on the last 5 blocks, cost against ${what} (else ${describeSize(model)}, ${windows} windows of ${length}, batch ${batch})`;
  return [
    {
      ...{ id: 'slope-blocks', title: title('the number of blocks'), unit: 'block' },
      contenders: [0.25, 0.5, 0.75, 1].map((share) => {
        const count = LAST_BLOCKS + Math.max(1, Math.round((blocks - LAST_BLOCKS) * share));
        return point(count, { blocks: count });
      }),
    },
    {
      ...{ id: 'slope-windows', title: title('the number of windows'), unit: 'window' },
      contenders: [1, 2, 3, 4].map((times) => point(windows * times, {}, windows * times)),
    },
    {
      ...{ id: 'slope-vocabulary', title: title('the vocabulary'), unit: '1,000 words' },
      contenders: [0.25, 0.5, 0.75, 1].map((share) =>
        point((vocabulary * share) / 1000, { vocabulary: vocabulary * share }),
      ),
    },
  ];
}

export interface Slope {
  readonly what: string;
  readonly unit: string;
  /** y = intercept + slope · x, in seconds or MiB. */
  readonly intercept: number;
  readonly slope: number;
  /** The farthest measured point from the line, as a part of the mean. */
  readonly residual: number;
}

/** Preparation, an epoch, and peak memory (where the system tells), by the medians of the rounds. */
export function slopesOf({ measured }: Comparison): readonly Slope[] {
  const epochSeconds = (result: Result, measurement: Measurement) =>
    measurement.kind === 'course' ? (result.seconds - result.preparationSeconds) / measurement.epochs : null;
  const quantities: readonly [what: string, unit: string, of: typeof epochSeconds][] = [
    ['preparation', 's', (result) => result.preparationSeconds],
    ['an epoch', 's', epochSeconds],
    ['peak memory', 'MiB', (result) => result.peakMiB],
  ];
  return quantities.flatMap(([what, unit, of]) => {
    const points = measured.flatMap(({ contender: { x, measurement }, results }) => {
      const known = results.map((result) => of(result, measurement)).filter((number) => number !== null);
      return x === undefined || known.length === 0 ? [] : [{ x, y: median(known) }];
    });
    return points.length < 2 ? [] : [{ what, unit, ...fitLine(points) }];
  });
}

/** By least squares. */
export function fitLine(
  points: readonly { readonly x: number; readonly y: number }[],
): Pick<Slope, 'intercept' | 'slope' | 'residual'> {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const slope =
    mean(points.map((point) => (point.x - x) * (point.y - y))) /
    mean(points.map((point) => (point.x - x) ** 2));
  const intercept = y - slope * x;
  const farthest = Math.max(...points.map((point) => Math.abs(point.y - intercept - slope * point.x)));
  return { intercept, slope, residual: farthest / y };
}
