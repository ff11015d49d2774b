/** All experiments there are, in the order in which they are offered. */
import type { ExperimentKind } from '../../../src-preload/contract/endpoints/experiments.ts';
import { LabError } from '../../engine/errors.ts';
import { copyingExperiment } from './copying.ts';
import { dataSizeExperiment } from './data-size.ts';
import { domainsExperiment } from './domains.ts';
import { entropyMatchExperiment } from './entropy-match.ts';
import type { Experiment } from './experiment.ts';
import { geometryExperiment } from './geometry.ts';
import { learningCurveExperiment } from './learning-curve.ts';
import { orderExperiment } from './order.ts';
import { rankOriginExperiment } from './rank-origin.ts';
import { staticInjectionExperiment } from './static-injection.ts';
import { strategiesExperiment } from './strategies.ts';
import { ttrPositionExperiment } from './ttr-position.ts';

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
