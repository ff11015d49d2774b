/** All experiments there are, in the order in which they are offered. */
import type { ExperimentKind } from '../../../src-preload/contract/endpoints/experiments.ts';
import { LabError } from '../../engine/errors.ts';
import { entropyMatchExperiment } from './entropy-match.ts';
import type { Experiment } from './experiment.ts';
import { geometryExperiment } from './geometry.ts';
import { rankOriginExperiment } from './rank-origin.ts';
import { staticInjectionExperiment } from './static-injection.ts';
import { strategiesExperiment } from './strategies.ts';

export const EXPERIMENTS: readonly Experiment[] = [
  entropyMatchExperiment,
  staticInjectionExperiment,
  rankOriginExperiment,
  geometryExperiment,
  strategiesExperiment,
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
