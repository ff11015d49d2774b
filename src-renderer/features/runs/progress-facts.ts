/** The numbers under a run's progress bar. */
import { bytes, durationWords } from '../../../src-preload/contract/amount-words.ts';
import type { Run } from '../../../src-preload/contract/endpoints/runs.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** What is not known is left out. */
export function progressFacts({ live, state, steps, totalSteps, seconds, peakMemoryBytes }: Run): Fact[] {
  const count = (number: number) => number.toLocaleString('en');
  const facts: Fact[] = [];
  const tell = (name: string, value: string) => facts.push({ name, value });
  if (steps > 0 || live) tell('Steps', `${count(steps)} of ${totalSteps === null ? '…' : count(totalSteps)}`);
  if (live) {
    const left = live.secondsLeft === null ? 'being measured' : durationWords(live.secondsLeft);
    tell('Time left, about', left);
  }
  if (seconds > 0) tell(state === 'finished' ? 'Time it took' : 'Time so far', durationWords(seconds));
  if (live?.memoryBytes) tell('Memory now', bytes(live.memoryBytes));
  if (peakMemoryBytes !== null) tell('Memory at most', bytes(peakMemoryBytes));
  return facts;
}
