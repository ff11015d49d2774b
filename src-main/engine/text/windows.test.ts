import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import type { Tokenizer } from './tokenizer.ts';
import { cutWindows, type WindowOptions } from './windows.ts';

/** One token a character; texts begin with the token 1. */
const tokenizer: Tokenizer = {
  encode: (text) => [...text].map((letter) => letter.codePointAt(0)!),
  encodeWithSpecial: (text) => [1, ...tokenizer.encode(text)],
  decode: (tokens) => String.fromCodePoint(...tokens),
  spelling: (token) => String.fromCodePoint(token),
  beginning: [1],
  vocabularySize: 0x11_0000,
  startsWord: () => true,
};
const options: WindowOptions = {
  length: 4,
  count: 100,
  order: 'first',
  seed: 1,
  heldOut: 0,
  perDocument: 'all',
};
const documents = (...texts: string[]) => texts.map((text, index) => ({ text, line: index + 1 }));
const texts = (windows: readonly { tokens: Int32Array }[]) =>
  windows.map(({ tokens }) => tokenizer.decode([...tokens.slice(1)]));

describe('token windows', () => {
  it('have exactly L tokens, the beginning-of-text token counted in', () => {
    const { train } = cutWindows(documents('abcdefgh'), tokenizer, options);
    expect(train.map(({ tokens }) => [...tokens])).toEqual([
      [1, 97, 98, 99],
      [1, 100, 101, 102],
    ]);
    expect(train[1]).toMatchObject({ document: 0, offset: 3 });
  });

  it('take only the beginning of each document when asked to', () => {
    const { train } = cutWindows(documents('abcdef', 'xyzuvw'), tokenizer, {
      ...options,
      perDocument: 'first',
    });
    expect(texts(train)).toEqual(['abc', 'xyz']);
  });

  it('report what was dropped', () => {
    const { report } = cutWindows(documents('abcdefgh', 'ab', 'abcxyz'), tokenizer, options);
    expect(report).toMatchObject({
      documents: 3,
      tokens: 16,
      documentsTooShort: 1,
      tokensLeftOver: 4,
      duplicates: 1,
      available: 3,
      train: 3,
    });
    expect(report.notes).toEqual([
      'The text gives 3 training windows, fewer than the 100 asked for.',
      '1 of 3 documents are shorter than 4 tokens and were left out.',
      '1 windows were the same as others and were left out.',
      'There is no window left to hold out: the validation loss cannot be measured.',
    ]);
  });

  it('keep the order of the file, or shuffle it by the seed', () => {
    const given = documents('aaabbbcccdddeeefffggghhh');
    expect(texts(cutWindows(given, tokenizer, options).train).join('')).toBe(given[0]!.text);
    const shuffled = (seed: number) =>
      texts(cutWindows(given, tokenizer, { ...options, order: 'random', seed }).train).join('');
    expect(shuffled(1)).toBe(shuffled(1));
    expect(shuffled(1)).not.toBe(shuffled(2));
  });

  it('hold out a tenth by default, and all that is not trained on up to 128', () => {
    const given = documents(
      Array.from({ length: 40 }, (_, index) => String.fromCodePoint(200 + index).repeat(3)).join(''),
    );
    expect(cutWindows(given, tokenizer, { ...options, heldOut: null }).report).toMatchObject({
      train: 36,
      heldOut: 4,
    });
    expect(cutWindows(given, tokenizer, { ...options, heldOut: null, count: 10 }).report).toMatchObject({
      train: 10,
      heldOut: 30,
    });
  });

  it('never share a place between training and held-out, whatever the documents', () => {
    const random = new Random(5);
    for (let round = 0; round < 200; round++) {
      const given = documents(
        ...Array.from({ length: 1 + random.below(5) }, () =>
          Array.from({ length: random.below(40) }, () => 'abc'[random.below(3)]).join(''),
        ),
        'abcd',
      );
      const { train, heldOut, report } = cutWindows(given, tokenizer, {
        ...options,
        order: random.below(2) === 0 ? 'random' : 'first',
        count: 1 + random.below(10),
        heldOut: random.below(2) === 0 ? null : random.below(4),
        seed: round,
      });
      expect([...train, ...heldOut].every(({ tokens }) => tokens.length === 4)).toBe(true);
      const contents = [...train, ...heldOut].map(({ tokens }) => tokens.join());
      expect(new Set(contents).size).toBe(contents.length);
      expect(train.length).toBeGreaterThan(0);
      expect([report.train, report.heldOut]).toEqual([train.length, heldOut.length]);
    }
  });

  it('refuse a text that fills no window, with the numbers', () => {
    expect(() => cutWindows(documents('ab'), tokenizer, options)).toThrow(
      'it has 2 tokens, and no document fills one window of 4',
    );
  });
});
