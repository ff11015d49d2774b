import { expect, it } from 'vitest';
import { processorWords } from './machine-words.ts';

it('tells threads that share a core from cores', () => {
  expect(processorWords({ cores: 4, threads: 8, instructions: ['AVX', 'AVX2'] })).toBe(
    '4 cores with 8 threads, computes with AVX2',
  );
  expect(processorWords({ cores: 2, threads: 2, instructions: [] })).toBe('2 cores');
  expect(processorWords({ cores: null, threads: 1, instructions: ['NEON'] })).toBe(
    '1 thread, computes with NEON',
  );
});
