import { describe, expect, it } from 'vitest';
import { decodingSchema, GREEDY } from '../../../src-preload/contract/endpoints/comparison.ts';
import { decodingProblems, wayTitle, wayWords } from './decoding-words.ts';

describe('a way to write', () => {
  it('is told by what is not as usual', () => {
    expect(wayWords(GREEDY)).toBe('');
    expect(wayTitle(GREEDY)).toBe('Likeliest word');
    const daring = decodingSchema.parse({ strategy: 'sample', temperature: 0.7, topP: 0.9 });
    expect(wayWords(daring)).toBe(', by chance (temperature 0.7, top-p 0.9)');
    expect(wayTitle(decodingSchema.parse({ strategy: 'sample' }))).toBe('By chance');
    const careful = decodingSchema.parse({ noRepeatNgramSize: 3, citationBlocker: true });
    expect(wayTitle(careful)).toBe('Likeliest word, no-repeat n-gram 3, citation blocker');
  });

  it('without chance says nothing of how daring it would be', () => {
    expect(wayWords({ ...GREEDY, temperature: 0.7 })).toBe('');
  });

  it('that cannot be is refused where it is written', () => {
    expect(decodingProblems(GREEDY)).toEqual({});
    expect(decodingProblems({ ...GREEDY, temperature: 0, topP: 2, topK: 1.5, minP: Number.NaN })).toEqual({
      temperature: 'Write a number above 0.',
      topP: 'Write a number above 0 to 1.',
      topK: 'Write a whole number from 0.',
      minP: 'Write a number from 0 to 1.',
    });
  });
});
