/** "Which layers?": the whole model, adapters on all blocks or on some, trained with the same budget and compared. */
import { z } from 'zod';
import type { Figure, Table } from '../../../../src-preload/contract/exhibits.ts';
import { pairedDifference } from '../../../engine/analysis/statistics/bootstrap.ts';
import type { ModelGeometry } from '../../../engine/architectures/architecture.ts';
import { textColumnsSchema } from '../../../engine/text/documents/columns.ts';
import { describeScope, parseScope } from '../../../engine/training/scope.ts';
import { capitalized, countOf, differenceWords, percent, signed } from '../../wording.ts';
import { defineExperiment } from '../experiment.ts';
import { trainingRequestSchema } from '../inputs.ts';
import {
  ARM_DEFINITIONS,
  type ArmFound,
  armsSchema,
  armTable,
  BAND_NOTE,
  describeLosses,
  describeMissing,
  examplePassages,
  findArms,
  paperRow,
  varietyBars,
  varietySeries,
} from './arms.ts';
import { forScope, planStudy, runRecipe } from './train-runs.ts';

const requestSchema = trainingRequestSchema.extend({
  data: z.string(),
  columns: textColumnsSchema.optional(),
  /** See engine/training/scope.ts. */
  scopes: z.array(z.string()).min(2),
});

const resultsSchema = armsSchema.extend({
  /** As planned, in their order. */
  scopes: z.array(z.string()),
});
type Results = z.infer<typeof resultsSchema>;

const LATE_STAGE = 'Li et al. 2026, Late-Stage table, from a summary of the paper';
const MAIN_TABLE = 'Li et al. 2026, main table, from a summary of the paper';
/** Per model: before, adapters on all blocks, adapters on the last five. */
const PAPER = [
  {
    model: 'TinyLlama',
    base: { ttr: 0.4, rep2: 0.592, topOneAgreement: 1 },
    all: { ttr: 0.508, rep2: 0.331, topOneAgreement: 0.523 },
    last: { ttr: 0.469, rep2: 0.345, topOneAgreement: 0.517, trainableParameters: 'about 78.3 % fewer' },
  },
  {
    model: 'Qwen2.5-1.5B',
    base: { ttr: 0.315, rep2: 0.662, topOneAgreement: 1 },
    all: { ttr: 0.575, rep2: 0.248, topOneAgreement: 0.469 },
    last: { ttr: 0.591, rep2: 0.213, topOneAgreement: 0.459, trainableParameters: 'about 82.7 % fewer' },
  },
] as const;
const PAPER_FULL = { ttr: 0.684, rep2: 0.14, rep3: 0.069, topOneAgreement: 0.57 };

/** A curve over K needs so many points. */
const SWEEP_POINTS = 3;

export const strategiesExperiment = defineExperiment<z.infer<typeof requestSchema>, Results>({
  kind: 'strategies',
  title: 'Which layers?',
  request: requestSchema,
  results: resultsSchema,
  definitions: [
    ...ARM_DEFINITIONS,
    {
      term: 'Share of the change',
      text: 'What a measure has changed from the base, divided by what it has changed where all blocks were trained (the whole model, where those were not). It is told where that change is more than chance: where the interval of the mean difference over the texts (bootstrap, 95 %) does not hold 0.',
      source: null,
    },
    {
      term: 'Last 5 blocks',
      text: 'The paper trains adapters on the last five blocks alone and calls it Late-Stage LoRA. Whether it trained the first or the middle ones for comparison is not known; here they are.',
      source: 'abstract of Li et al. 2026',
    },
  ],

  async perform({ scopes: asked, data, columns, ...request }, context) {
    const scopes = [...new Set(asked)];
    const study = await planStudy(request, [{ data, columns }], context, ([planned], geometry) =>
      scopes
        .map((scope) => ({
          folder: scope.replaceAll(':', '-').replaceAll(',', '+'),
          name: scopeName(scope, geometry),
          text: planned!.text,
          recipe: runRecipe(request.recipe, {
            ...forScope(request.recipe, scope),
            windows: planned!.windows,
          }),
        }))
        // What frozen blocks give is kept for the next run, which then goes on with it: see prefix-cache.ts.
        .sort((a, b) => firstBlock(a.recipe.scope, geometry) - firstBlock(b.recipe.scope, geometry)),
    );
    const planned = scopes.map((scope) => scopeName(scope, study.geometry));
    const found = await findArms(study, planned, context, (arms) => context.keep({ ...arms, scopes }));
    return { ...found, scopes };
  },

  show(results) {
    const { arms } = results;
    const sweep = sweepFigure(results);
    return {
      findings: [
        ...describeBudget(results),
        ...describeShares(results),
        ...describeLosses(arms),
        ...describePaper(arms),
        ...describeMissing(results),
      ],
      exhibits: [
        varietyBars('What the texts are like', 'What was trained', results),
        ...(sweep ? [sweep] : []),
        layerTable(results),
        examplePassages(results),
      ],
    };
  },
});

/** As within a sentence. */
function scopeName(scope: string, geometry: ModelGeometry): string {
  const parsed = parseScope(scope, geometry);
  if (parsed.kind === 'full') return 'whole model';
  if (scope === 'all') return 'all blocks';
  const [kind, count] = scope.split(':');
  if (kind === 'blocks') return describeScope(parsed, geometry).replace('adapters on ', '');
  return Number(count) === 1 ? `${kind} block` : `${kind} ${count} blocks`;
}

function firstBlock(scope: string, geometry: ModelGeometry): number {
  const parsed = parseScope(scope, geometry);
  return parsed.kind === 'full' ? 0 : parsed.blocks[0]!;
}

function armOf({ scopes, planned, arms }: Results, scope: string): ArmFound | undefined {
  const name = planned[scopes.indexOf(scope)];
  return arms.find((arm) => arm.name === name);
}

function describeBudget({ arms, base }: Results): string[] {
  const [first] = arms;
  const before = `Before any training, ${percent(base.ttr)} of the tokens it writes are different ones, and ${percent(base.rep2)} of the pairs are repetitions.`;
  if (first === undefined) return [before];
  const { updates, windows } = first.trained;
  return [
    `${before} Each was then trained for the same ${countOf(updates, 'update')} on the same ${countOf(windows, 'window')}.`,
  ];
}

/** What each has changed, beside what training all blocks has changed. */
function describeShares(results: Results): string[] {
  const { base, arms } = results;
  const reference = armOf(results, 'all') ?? armOf(results, 'full');
  if (reference === undefined)
    return arms.map((arm) => `${capitalized(arm.name)}: ${changeWords(arm, base)}.`);
  const whole = pairedDifference(base.ttrs, reference.measured.ttrs, { seed: 1 });
  const own = `${capitalized(reference.name)}: ${changeWords(reference, base)}.`;
  if (whole.low <= 0 && whole.high >= 0) {
    return [
      `${own} That is no more than chance (95 % interval of the difference ${signed(whole.low)} to ${signed(whole.high)}), so it cannot be told what the other ways of training give of it. Train for longer, or measure on more texts.`,
    ];
  }
  const others = arms.filter((arm) => arm !== reference);
  return [own, ...others.map((arm) => describeShare(arm, reference, results))];
}

function describeShare(arm: ArmFound, reference: ArmFound, results: Results): string {
  const { base } = results;
  const share = (arm.measured.ttr - base.ttr) / (reference.measured.ttr - base.ttr);
  const { mean, low, high } = pairedDifference(reference.measured.ttrs, arm.measured.ttrs, { seed: 1 });
  const interval = differenceWords({ mean, low, high });
  const verdict =
    low <= 0 && high >= 0
      ? `the two do not differ by more than chance (${interval})`
      : `${mean < 0 ? 'less' : 'more'} than ${reference.name} (${interval})`;
  return `${capitalized(arm.name)}: ${changeWords(arm, base)}. In different tokens, that is ${percent(share)} of the change that training ${reference === armOf(results, 'all') ? 'all blocks' : 'the whole model'} gives; ${verdict}.`;
}

function changeWords({ measured }: ArmFound, base: Results['base']): string {
  return `different tokens ${percent(base.ttr)} → ${percent(measured.ttr)}, repeated pairs ${percent(base.rep2)} → ${percent(measured.rep2)}`;
}

function describePaper(arms: readonly ArmFound[]): string[] {
  if (arms.length === 0) return [];
  const shares = PAPER.map(
    ({ model, base, all, last }) => `${percent((last.ttr - base.ttr) / (all.ttr - base.ttr))} for ${model}`,
  );
  return [
    `In the table of Li et al. 2026, as a summary of the paper has it, the last five blocks alone give ${shares.join(' and ')} of the change in different tokens that adapters on all blocks give.`,
  ];
}

function layerTable(results: Results): Table {
  return armTable(
    'Trained with the same budget',
    { name: 'What was trained', term: 'scope', help: 'Adapters (LoRA) on these blocks, or the whole model.' },
    results,
    {
      papers: [
        ...PAPER.flatMap(({ model, base, all, last }) => [
          paperRow(`${model}, the base`, LATE_STAGE, base),
          paperRow(`${model}, all blocks`, LATE_STAGE, all),
          paperRow(`${model}, last 5 blocks`, LATE_STAGE, last),
        ]),
        paperRow('TinyLlama, whole model', MAIN_TABLE, PAPER_FULL),
      ],
      note: 'The paper’s models are of 22 and 28 blocks, were trained on 2,000 samples, and its texts are of a length that is not known: compare the order of its rows with yours, not the numbers. Its “fewer” seems to count layers, the embedding as one of them; counted in blocks it would be 77.3 % and 82.1 %.',
    },
  );
}

/** Where several numbers of last blocks were trained. */
function sweepFigure(results: Results): Figure | undefined {
  const { scopes, base } = results;
  const points = scopes.flatMap((scope) => {
    const last = /^last:(\d+)$/.exec(scope);
    const arm = armOf(results, scope);
    return last && arm ? [{ x: Number(last[1]), measured: arm.measured }] : [];
  });
  if (points.length < SWEEP_POINTS) return undefined;
  points.sort((a, b) => a.x - b.x);
  const [least, most] = [points[0]!, points.at(-1)!];
  return {
    kind: 'figure',
    title: 'How many of the last blocks',
    summary: `With ${countOf(least.x, 'last block')} trained, ${percent(least.measured.ttr)} of the tokens are different ones, with ${most.x} ${percent(most.measured.ttr)}; at 0 stands the base with ${percent(base.ttr)}.`,
    shape: 'lines',
    xName: 'Last blocks trained',
    yName: 'Share',
    categories: null,
    isXLogarithmic: false,
    series: varietySeries([{ x: 0, measured: base }, ...points]),
    note: BAND_NOTE,
  };
}
