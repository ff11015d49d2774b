import { describe, expect, it } from 'vitest';
import { durationWords, phaseWords } from './progress-words.ts';

describe('progress in words', () => {
  it('tells times as people do', () => {
    expect([0.4, 59.4, 59.7, 90, 3_599, 3_600, 7_500, 260_000].map(durationWords)).toEqual([
      ...['0 s', '59 s', '1 min', '2 min', '1 h', '1 h', '2 h 5 min', '3 days'],
    ]);
  });

  it('tells what is done just now', () => {
    const live = { phase: 'prefix', share: 0.5, secondsLeft: null, memoryBytes: null } as const;
    expect(phaseWords({ state: 'running', live })).toMatch(/frozen part/);
    expect(phaseWords({ state: 'running', live: null })).toBe('Getting ready');
    expect(phaseWords({ state: 'waiting', live: null })).toMatch(/waits/i);
  });
});
