import { describe, expect, it } from 'vitest';
import { phaseWords } from './progress-words.ts';

describe('progress in words', () => {
  it('tells what is done just now', () => {
    const live = { phase: 'prefix', share: 0.5, secondsLeft: null, memoryBytes: null } as const;
    expect(phaseWords({ state: 'running', live })).toMatch(/frozen part/);
    expect(phaseWords({ state: 'running', live: null })).toBe('Getting ready');
    expect(phaseWords({ state: 'waiting', live: null })).toMatch(/waits/i);
  });
});
