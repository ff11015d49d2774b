import { describe, expect, it } from 'vitest';
import { describeDecoding, GREEDY, parseDecoding } from './decoding.ts';

describe('the short text of a decoding', () => {
  it.each([
    'greedy',
    'temperature=0.7,top-p=0.9,top-k=50',
    'greedy,no-repeat-ngram=3,citation-blocker',
    'temperature=1,min-p=0.1',
  ])('%s is read and written alike', (text) => expect(describeDecoding(parseDecoding(text))).toBe(text));

  it('takes the usual number where none is given', () => {
    expect(parseDecoding('top-p')).toEqual({ ...GREEDY, strategy: 'sample', topP: 0.9 });
    expect(parseDecoding('repetition-penalty')).toEqual({ ...GREEDY, repetitionPenalty: 1.2 });
  });

  it.each([
    'beam',
    'top-p=',
    'top-p=2',
    'temperature=0',
    'top-k=1.5',
    'greedy=1',
    'greedy,temperature=2',
    'top-p=0.9=1',
    '__proto__',
  ])('refuses "%s" in a sentence', (text) =>
    expect(() => parseDecoding(text)).toThrow(`The decoding "${text}" cannot be used`),
  );
});
