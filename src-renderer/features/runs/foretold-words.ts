/** Where what was foretold of a run came from, in words. */
import type { Run } from '../../../src-preload/contract/endpoints/runs.ts';

export function howForetoldWords({ estimate, stopped }: Pick<Run, 'estimate' | 'stopped'>): string {
  const early = stopped ? ' It ended early, so it took less.' : '';
  if (!estimate) return `No check came before it: this follows from its model and its settings.${early}`;
  if (estimate.how === 'rough') return `It was foretold roughly, from how fast this computer is.${early}`;
  return `It was foretold from some steps that were tried before.${early}`;
}
