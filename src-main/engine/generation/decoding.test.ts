import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { DECODING_WORDS, decodingSchema, describeDecoding, GREEDY, parseDecoding } from './decoding.ts';

describe('the short text of a decoding', () => {
  it.each([
    'greedy',
    'temperature=0.7,top-p=0.9,top-k=50',
    'temperature=1,min-p=0.1',
    'greedy,no-repeat-ngram=3,citation-blocker',
    'temperature=1.2,repetition-penalty=1.1,citation-blocker',
  ])('%s is read and written alike', (text) => expect(describeDecoding(parseDecoding(text))).toBe(text));

  it('takes words in any order, with spaces', () => {
    expect(parseDecoding('top-k=50, top-p=0.9, temperature=0.7')).toEqual(
      parseDecoding('temperature=0.7,top-p=0.9,top-k=50'),
    );
  });

  it.each([
    ['top-p', { strategy: 'sample', topP: 0.9 }],
    ['top-k', { strategy: 'sample', topK: 50 }],
    ['min-p', { strategy: 'sample', minP: 0.1 }],
    ['temperature', { strategy: 'sample', temperature: 1 }],
    ['repetition-penalty', { repetitionPenalty: 1.2 }],
    ['greedy,no-repeat-ngram', { noRepeatNgramSize: 3 }],
    ['citation-blocker', { citationBlocker: true }],
  ] as const)('takes the usual number where %s has none', (text, changed) =>
    expect(parseDecoding(text)).toEqual({ ...GREEDY, ...changed }),
  );

  it('leaves out settings without effect', () => {
    expect(describeDecoding({ ...GREEDY, topP: 0.9, temperature: 2 })).toBe('greedy');
  });

  it.each([
    ['beam', '"beam" is not known'],
    ['', '"" is not known'],
    ['__proto__', '"__proto__" is not known'],
    ['top-p=', 'top-p must be a finite number'],
    ['top-k=', 'top-k must be a finite number'],
    ['top-p=0.9=1', 'top-p must be a finite number'],
    ['top-p=2', 'top-p must be at most 1'],
    ['top-k=1.5', 'top-k must be a whole number'],
    ['temperature=0', 'temperature must be above 0'],
    ['temperature=Infinity', 'temperature must be a finite number'],
    ['greedy=1', '"greedy" takes no number'],
    ['top-p=0.9,top-p=0.5', '"top-p" is given twice'],
    ['greedy,temperature=2', 'temperature would change nothing'],
  ])('refuses "%s" in a sentence', (text, reason) => {
    const refusal = `The decoding "${text}" cannot be used: `;
    expect(() => parseDecoding(text)).toThrow(refusal);
    expect(() => parseDecoding(text)).toThrow(reason);
    expect(() => parseDecoding(text)).toThrow(DECODING_WORDS.join(', '));
    expect(() => parseDecoding(text)).toThrow(LabError);
  });
});

describe('decoding settings', () => {
  it('are greedy and nothing else where nothing is said', () => {
    expect(decodingSchema.parse({})).toEqual(GREEDY);
    expect(() => decodingSchema.parse({ beams: 4 })).toThrow();
  });
});
