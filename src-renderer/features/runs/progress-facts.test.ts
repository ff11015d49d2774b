import { describe, expect, it } from 'vitest';
import { bytes } from '../../ui/words.ts';
import { exampleRun } from './example-run.ts';
import { progressFacts } from './progress-facts.ts';

describe('the numbers of a run', () => {
  it('say what it took', () => {
    const run = exampleRun({ state: 'finished', seconds: 180, peakMemoryBytes: 4.8e8 });
    expect(progressFacts(run)).toEqual([
      { name: 'Steps', value: '160 of 160' },
      { name: 'Time it took', value: '3 min' },
      { name: 'Memory at most', value: bytes(4.8e8) },
    ]);
  });

  it('tell how long it will still take while it is computed', () => {
    const live = { phase: 'training', share: 0.5, secondsLeft: 90, memoryBytes: 4e8 } as const;
    const run = exampleRun({ state: 'running', live, steps: 1_080, totalSteps: 2_160 });
    expect(progressFacts(run)).toEqual([
      { name: 'Steps', value: '1,080 of 2,160' },
      { name: 'Time left, about', value: '2 min' },
      { name: 'Time so far', value: '2 min' },
      { name: 'Memory now', value: bytes(4e8) },
    ]);
  });

  it('leave out what nobody knows', () => {
    const waiting = exampleRun({ state: 'waiting', steps: 0, totalSteps: null, seconds: 0 });
    expect(progressFacts(waiting)).toEqual([]);
  });
});
