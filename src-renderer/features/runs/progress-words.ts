/** How far a run is, in words for people who do not code. */
import type { Live, Run } from '../../../src-preload/contract/endpoints/runs.ts';

export const PHASE_WORDS: Readonly<Record<Live['phase'], string>> = {
  starting: 'Getting ready',
  prefix: 'Running the frozen part of the model once',
  training: 'Learning the text',
};

export function phaseWords({ state, live }: Pick<Run, 'state' | 'live'>): string {
  if (state === 'waiting') return 'Waits until the computer is free';
  return PHASE_WORDS[live?.phase ?? 'starting'];
}
