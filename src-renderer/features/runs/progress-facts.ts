/** The numbers under a run's progress bar: what is measured, and under it what was foretold. */
import type { Run } from '../../../src-preload/contract/endpoints/runs.ts';
import { bytes, secondsRange } from '../../ui/words.ts';
import { durationWords } from './progress-words.ts';

/** What was said of a run before it began; null where nothing was. */
export interface Foretold {
  readonly memoryBytes: number | null;
  readonly seconds: { readonly low: number; readonly high: number } | null;
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly foretold?: string;
}

/** What is neither known nor foretold is left out. */
export function progressFacts(run: Run, foretold: Foretold): Fact[] {
  const { live, steps, totalSteps, seconds, peakMemoryBytes } = run;
  const count = (number: number) => number.toLocaleString('en');
  const facts: Fact[] = [];
  if (steps > 0 || live) {
    const all = totalSteps === null ? '…' : count(totalSteps);
    facts.push({ name: 'Steps', value: `${count(steps)} of ${all}` });
  }
  if (live) {
    const left = live.secondsLeft === null ? 'being measured' : durationWords(live.secondsLeft);
    facts.push({ name: 'Time left, about', value: left });
  }
  tell(
    run.state === 'finished' ? 'Time it took' : 'Time so far',
    seconds > 0 ? durationWords(seconds) : null,
    foretold.seconds && secondsRange(foretold.seconds),
  );
  if (live?.memoryBytes) facts.push({ name: 'Memory now', value: bytes(live.memoryBytes) });
  tell(
    'Memory at most',
    peakMemoryBytes === null ? null : bytes(peakMemoryBytes),
    foretold.memoryBytes === null ? null : `about ${bytes(foretold.memoryBytes)}`,
  );
  return facts;

  function tell(name: string, measured: string | null, said: string | null): void {
    const value = measured ?? 'not measured yet';
    if (said !== null) facts.push({ name, value, foretold: said });
    else if (measured !== null) facts.push({ name, value });
  }
}
