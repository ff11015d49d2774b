/** All experiments there are, in the order in which they are offered. */
import type { ExperimentKind } from '../../../src-preload/contract/endpoints/experiments.ts';
import { LabError } from '../../engine/errors.ts';
import { copyingExperiment } from './copying/copying.ts';
import { entropyMatchExperiment } from './entropy-match/entropy-match.ts';
import type { Experiment } from './experiment.ts';
import { geometryExperiment } from './geometry/geometry.ts';
import { rankOriginExperiment } from './rank-origin/rank-origin.ts';
import { staticInjectionExperiment } from './static-injection/static-injection.ts';
import { dataSizeExperiment } from './training/data-size.ts';
import { domainsExperiment } from './training/domains.ts';
import { learningCurveExperiment } from './training/learning-curve.ts';
import { orderExperiment } from './training/order.ts';
import { strategiesExperiment } from './training/strategies.ts';
import { ttrPositionExperiment } from './ttr-position/ttr-position.ts';

export const EXPERIMENTS: readonly Experiment[] = [
  entropyMatchExperiment,
  staticInjectionExperiment,
  rankOriginExperiment,
  geometryExperiment,
  strategiesExperiment,
  dataSizeExperiment,
  orderExperiment,
  domainsExperiment,
  learningCurveExperiment,
  copyingExperiment,
  ttrPositionExperiment,
];

/** @throws LabError 'bad-argument' where there is none of this name */
export function findExperiment(kind: string): Experiment {
  const found = EXPERIMENTS.find((experiment) => experiment.kind === kind);
  if (found) return found;
  const kinds: ExperimentKind[] = EXPERIMENTS.map((experiment) => experiment.kind);
  throw new LabError(
    'bad-argument',
    `There is no experiment "${kind}". The experiments are ${kinds.join(', ')}.`,
    {
      kind,
      kinds,
    },
  );
}
