/** "How much data?": the same number of updates on ever fewer windows of one text. */
import { z } from 'zod';
import type { Figure } from '../../../../src-preload/contract/exhibits.ts';
import { pairedDifference } from '../../../engine/analysis/statistics/bootstrap.ts';
import { LabError } from '../../../engine/errors.ts';
import { textColumnsSchema } from '../../../engine/text/documents/columns.ts';
import type { Recipe } from '../../../engine/training/recipe.ts';
import { capitalized, countOf, differenceWords, listOf, percent } from '../../wording.ts';
import { defineExperiment } from '../experiment.ts';
import { trainingRequestSchema } from '../inputs.ts';
import {
  ARM_DEFINITIONS,
  armsSchema,
  armTable,
  BAND_NOTE,
  describeLosses,
  describeMissing,
  examplePassages,
  findArms,
  varietySeries,
} from './arms.ts';
import { planStudy, runRecipe, updatesOf } from './train-runs.ts';

const requestSchema = trainingRequestSchema.extend({
  data: z.string(),
  columns: textColumnsSchema.optional(),
  /** Numbers of windows. */
  sizes: z.array(z.int().positive()).min(2),
});

const resultsSchema = armsSchema.extend({
  /** Windows that the text gives to train on, and sizes above it that were asked for. */
  available: z.int(),
  tooLarge: z.array(z.int()),
});
type Results = z.infer<typeof resultsSchema>;

export const dataSizeExperiment = defineExperiment<z.infer<typeof requestSchema>, Results>({
  kind: 'data-size',
  title: 'How much data?',
  request: requestSchema,
  results: resultsSchema,
  definitions: [
    ...ARM_DEFINITIONS,
    {
      term: 'The same number of updates',
      text: 'As many as the recipe makes with its own number of windows. Fewer windows are gone through more often, as many times as come nearest to that. Where there are fewer windows than an update takes, it takes all of them. Each size is the beginning of the next larger one.',
      source:
        'Carlsson et al. 2025, from a summary of the paper: 2,000 samples down to 8, always 5,000 updates',
    },
  ],

  async perform({ sizes, data, columns, ...request }, context) {
    const { recipe } = request;
    // The largest size says how much of the text is taken, the recipe how long is trained on whatever there is.
    const largest = { ...request, recipe: { ...recipe, windows: Math.max(...sizes) } };
    const study = await planStudy(largest, [{ data, columns }], context, ([planned]) => {
      const { text, windows: available } = planned!;
      const updates = updatesOf(recipe, Math.min(recipe.windows, available));
      return usableSizes(sizes, available).map((windows) => ({
        folder: `${windows}-windows`,
        name: countOf(windows, 'window'),
        text,
        recipe: runRecipe(recipe, sizeChanges(recipe, windows, updates)),
      }));
    });
    const available = study.texts[0]!.windows;
    const about = { available, tooLarge: sizes.filter((size) => size > available) };
    const names = study.runs.map(({ name }) => name);
    const found = await findArms(study, names, context, (arms) => context.keep({ ...arms, ...about }));
    return { ...found, ...about };
  },

  show(results) {
    return {
      findings: [
        ...describeSizes(results),
        ...describeLosses(results.arms),
        ...describeTooLarge(results),
        'In the paper, as a summary of it has it, the variety falls slowly from 2,000 samples to 16 and clearly at 8, which is its batch size; its numbers are not known here. The authors’ own page says “good results as low as 8 samples”.',
        ...describeMissing(results),
      ],
      exhibits: [
        ...(results.arms.length > 0 ? [sizeFigure(results)] : []),
        armTable(
          'The same number of updates on fewer windows',
          { name: 'Windows', term: 'training windows', help: 'Pieces of text that it was trained on.' },
          results,
        ),
        examplePassages(results),
      ],
    };
  },
});

/** Largest first; those that the text does not give become all it gives. @throws LabError where only one is left */
function usableSizes(sizes: readonly number[], available: number): number[] {
  const usable = [...new Set(sizes.map((size) => Math.min(size, available)))].sort((a, b) => b - a);
  if (usable.length > 1) return usable;
  throw new LabError(
    'bad-argument',
    `There is nothing to compare: the text gives ${countOf(available, 'window')} to train on. Choose sizes below that, shorter windows, or a longer text.`,
    { sizes, available },
  );
}

/** What makes about as many updates with so many windows. */
function sizeChanges(recipe: Recipe, windows: number, updates: number): Partial<Recipe> {
  const batch = Math.min(recipe.batch, windows);
  const epochs = Math.max(1, Math.round(updates / Math.floor(windows / batch)));
  return { windows, batch, epochs };
}

function describeSizes({ base, arms }: Results): string[] {
  const before = `Before any training, ${percent(base.ttr)} of the tokens it writes are different ones, and ${percent(base.rep2)} of the pairs are repetitions.`;
  const most = arms[0];
  const least = arms.at(-1);
  if (most === undefined || least === undefined) return [before];
  const each = arms.map(
    ({ name, measured }) => `${name} ${percent(measured.ttr)} (repeated pairs ${percent(measured.rep2)})`,
  );
  const told = `${before} Different tokens after training: ${each.join(', ')}.`;
  if (most === least) return [told];
  const { mean, low, high } = pairedDifference(most.measured.ttrs, least.measured.ttrs, { seed: 1 });
  const interval = differenceWords({ mean, low, high });
  const verdict =
    low <= 0 && high >= 0
      ? `${capitalized(least.name)} do as much for the variety as ${most.name}, within what is chance (${interval}).`
      : `${capitalized(least.name)} give ${mean < 0 ? 'less' : 'more'} variety than ${most.name}, beyond what is chance (${interval}).`;
  return [told, verdict];
}

function describeTooLarge({ available, tooLarge }: Results): string[] {
  if (tooLarge.length === 0) return [];
  return [
    `The text gives ${countOf(available, 'window')} to train on, so that is what stands for ${listOf(tooLarge.map(String))}.`,
  ];
}

function sizeFigure({ base, arms }: Results): Figure {
  const places = arms.map(({ trained, measured }) => ({ x: trained.windows, measured }));
  const ends = [places[0]!.x, places.at(-1)!.x];
  return {
    kind: 'figure',
    title: 'Variety against the number of windows',
    summary: `Different tokens: ${places.map(({ x, measured }) => `${percent(measured.ttr)} with ${x}`).join(', ')}; the base ${percent(base.ttr)}.`,
    shape: 'lines',
    xName: 'Windows trained on',
    yName: 'Share',
    categories: null,
    isXLogarithmic: true,
    series: [
      ...varietySeries(places),
      ...[
        { name: 'Different tokens of the base', value: base.ttr },
        { name: 'Repeated pairs of the base', value: base.rep2 },
      ].map(({ name, value }) => ({
        name,
        source: null,
        points: ends.map((x): [number, number] => [x, value]),
        band: null,
      })),
    ],
    note: `${BAND_NOTE} Reciting what was learned by heart counts as varied too: “Does it copy?” tells how much of it there is.`,
  };
}
