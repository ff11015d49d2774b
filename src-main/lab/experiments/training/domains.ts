/** "Which texts?": a model trained on each of several texts goes on with beginnings of all of them. */
import { basename } from 'node:path';
import { z } from 'zod';
import type { Table } from '../../../../src-preload/contract/exhibits.ts';
import { mean } from '../../../engine/analysis/diversity/mean.ts';
import { pairedDifference } from '../../../engine/analysis/statistics/bootstrap.ts';
import { textColumnsSchema } from '../../../engine/text/documents/columns.ts';
import { countOf, differenceWords, percent } from '../../wording.ts';
import { defineExperiment } from '../experiment.ts';
import { trainingRequestSchema } from '../inputs.ts';
import { varietyOf, varietySchema } from '../variety.ts';
import { ARM_DEFINITIONS, describeMissing } from './arms.ts';
import {
  humanTexts,
  type Measured,
  type Measurement,
  measurementOf,
  measurementSchema,
} from './measure-model.ts';
import { planStudy, runRecipe, trainArms, trainedSchema } from './train-runs.ts';

const requestSchema = trainingRequestSchema.extend({
  domains: z.array(z.strictObject({ data: z.string(), columns: textColumnsSchema.optional() })).min(2),
});

const resultsSchema = z.strictObject({
  /** Names of the texts; what is measured comes in their order. */
  planned: z.array(z.string()),
  base: z.array(measurementSchema),
  /** Of each text as it goes on itself; null where its windows are too short for that. */
  human: z.array(varietySchema.nullable()),
  /** By the text that each was trained on; those that are there by now. */
  arms: z.array(
    z.strictObject({ name: z.string(), trained: trainedSchema, measured: z.array(measurementSchema) }),
  ),
});
type Results = z.infer<typeof resultsSchema>;

export const domainsExperiment = defineExperiment<z.infer<typeof requestSchema>, Results>({
  kind: 'domains',
  title: 'Which texts?',
  request: requestSchema,
  results: resultsSchema,
  definitions: [
    ...ARM_DEFINITIONS,
    {
      term: 'As much of each text',
      text: 'Each is trained on as many windows as the text with the fewest gives, or as many as the recipe says where all give more.',
      source: null,
    },
  ],

  async perform({ domains, ...request }, context) {
    const names = distinctNames(domains.map(({ data }) => basename(data)));
    const study = await planStudy(request, domains, context, (texts) => {
      const windows = Math.min(...texts.map((planned) => planned.windows));
      return texts.map(({ text }, index) => ({
        folder: `text-${index + 1}`,
        name: names[index]!,
        text,
        recipe: runRecipe(request.recipe, { windows }),
      }));
    });
    const human = study.texts.map(({ probe }) => {
      const texts = humanTexts(probe);
      return texts ? varietyOf(texts) : null;
    });
    const found: Results = { planned: names, base: [], human, arms: [] };
    let base: readonly Measured[] = [];
    for await (const { run, trained, measured } of trainArms(study, context)) {
      if (run === null) base = measured;
      const measurements = measured.map((one, index) => measurementOf(one, base[index]!));
      if (run === null) found.base = measurements;
      else found.arms.push({ name: run.name, trained, measured: measurements });
      context.keep({ ...found, arms: [...found.arms] });
    }
    return found;
  },

  show(results) {
    return {
      findings: [
        ...describeDomains(results),
        'Carlsson et al. 2025 have a table of texts trained on by texts written on too (their Table 4), but of how often people preferred a text, which cannot be compared with these shares. There, as a summary of the paper has it, the model that was hyperfitted on news did best on average (66.37 %), the one on fiction worst (40.73 %), and the base stood at 24.23 %.',
        ...describeMissing(results),
      ],
      exhibits: [
        matrixTable(results, 'Different tokens', 'TTR', ({ ttr }) => ttr),
        matrixTable(results, 'Repeated pairs', 'rep-2', ({ rep2 }) => rep2),
        trainingTable(results),
      ],
    };
  },
});

/** Of two files of the same name, in two folders, the second gets a number. */
function distinctNames(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

function describeDomains(results: Results): string[] {
  const { base, arms } = results;
  const first = arms[0]?.trained;
  if (first === undefined) return [];
  const budget = `Each was trained on ${countOf(first.windows, 'window')} of one text for ${countOf(first.updates, 'update')}, and then went on with beginnings of every text.`;
  const { own, others } = ownAndOthers(results);
  if (own.length === 0) return [budget];
  const before = mean(base.map(({ ttr }) => ttr));
  const difference = pairedDifference(others, own, { seed: 1 });
  const verdict =
    difference.low <= 0 && difference.high >= 0
      ? 'To within what is chance that is the same, so the change is not bound to what was learned by heart'
      : `Its own text gains ${difference.mean > 0 ? 'more, so part of the change stays with what was learned by heart' : 'less than others do'}`;
  return [
    budget,
    `Different tokens on average: the base ${percent(before)}; after training, with beginnings of the text that was trained on ${percent(mean(own))}, with those of other texts ${percent(mean(others))}. ${verdict} (${differenceWords(difference)}).`,
  ];
}

/** TTR of each text written on by the model that was trained on its kind, and the mean of those by the others, in one order. */
function ownAndOthers({ planned, arms }: Results): { own: number[]; others: number[] } {
  const pairs = planned.flatMap((name, column) => {
    const trained = arms.find((arm) => arm.name === name);
    const rest = arms.filter((arm) => arm !== trained);
    if (trained === undefined || rest.length === 0) return [];
    return trained.measured[column]!.ttrs.map((own, text) => ({
      own,
      others: mean(rest.map(({ measured }) => measured[column]!.ttrs[text]!)),
    }));
  });
  return { own: pairs.map(({ own }) => own), others: pairs.map(({ others }) => others) };
}

function matrixTable(
  { planned, base, human, arms }: Results,
  title: string,
  term: string,
  value: (of: Pick<Measurement, 'ttr' | 'rep2'>) => number,
): Table {
  return {
    kind: 'table',
    title: `${title} (${term})`,
    columns: [
      { name: 'Trained on', term: null, help: 'The text that was learned by heart.' },
      ...planned.map((name) => ({
        name: `Beginnings of ${name}`,
        term: null,
        help: `${title} in what is written on from text of ${name} that was not trained on.`,
      })),
    ],
    rows: [
      {
        name: 'Nothing: the base',
        source: null,
        cells: planned.map((_, index) => (base[index] ? value(base[index]) : null)),
      },
      ...arms.map(({ name, measured }) => ({ name, source: null, cells: measured.map(value) })),
      {
        name: 'The text itself, as people wrote it',
        source: null,
        cells: human.map((of) => (of ? value(of) : null)),
      },
    ],
    note: null,
  };
}

function trainingTable({ planned, base, arms }: Results): Table {
  return {
    kind: 'table',
    title: 'How well each was learned',
    columns: [
      { name: 'Trained on', term: null, help: 'The text that was learned by heart.' },
      {
        name: 'Loss on the training text',
        term: 'train loss, nats',
        help: 'Mean over the last epoch. Near zero: learned by heart.',
      },
      ...planned.map((name) => ({
        name: `Loss on other text of ${name}`,
        term: 'held-out loss, nats',
        help: 'On windows that were not trained on.',
      })),
      {
        name: 'Time',
        term: 'seconds',
        help: 'To train it on this computer. Empty where it was stopped in between.',
      },
    ],
    rows: [
      {
        name: 'Nothing: the base',
        source: null,
        cells: [null, ...base.map(({ heldOutLoss }) => heldOutLoss), null],
      },
      ...arms.map(({ name, trained, measured }) => ({
        name,
        source: null,
        cells: [trained.trainLoss, ...measured.map(({ heldOutLoss }) => heldOutLoss), trained.seconds],
      })),
    ],
    note: null,
  };
}
