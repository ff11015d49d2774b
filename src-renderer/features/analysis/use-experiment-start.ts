/** Starts an experiment on what is chosen, and goes to where one can watch it. */
import { useRouter } from 'vue-router';
import type { ExperimentKind } from '../../../src-preload/contract/endpoints/experiments.ts';
import { useAction } from '../../lab/use-action.ts';
import { useExperiments } from '../../stores/experiments.ts';
import { useLibrary } from '../../stores/library.ts';
import { useChoice } from './choice.ts';
import { requestFor } from './request.ts';
import type { Settings } from './settings.ts';

export function useExperimentStart() {
  const choice = useChoice();
  const library = useLibrary();
  const experiments = useExperiments();
  const router = useRouter();

  function requestWith(kind: ExperimentKind, settings: Settings) {
    const { run, model, text, several, chosen } = choice;
    const { checkpoint } = chosen;
    return requestFor(kind, { run, checkpoint, model, text, several, recipes: library.recipes }, settings);
  }

  const { isBusy, problem, run } = useAction(async (kind: ExperimentKind, settings: Settings) => {
    const request = requestWith(kind, settings);
    if (request === undefined) return;
    const experiment = await experiments.start(request);
    await router.push({ name: 'experiment', params: { experiment } });
  });
  return {
    isBusy,
    problem,
    start: run,
    /** Whether all that it needs is there. */
    canStart: (kind: ExperimentKind, settings: Settings) => requestWith(kind, settings) !== undefined,
  };
}
