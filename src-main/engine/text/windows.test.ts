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
  endOfText: undefined,
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
    expect(train[1]).toMatchObject({ document: 0, line: 1, offset: 3 });
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

  it.each([
    [1, 0],
    [2, 1],
    [14, 1],
    [40, 4],
    [2000, 128],
  ])('of which there are %i hold out %i by default', (available, heldOut) => {
    const letters = Array.from({ length: available }, (_, index) => String.fromCodePoint(200 + index));
    const given = documents(letters.map((letter) => letter.repeat(3)).join(''));
    const { report } = cutWindows(given, tokenizer, { ...options, count: 10_000, heldOut: null });
    expect(report).toMatchObject({ available, heldOut, train: available - heldOut });
  });

  it('hold out the ones after those trained on, in the order of the file', () => {
    const given = documents('aaabbbcccdddeee');
    const { train, heldOut } = cutWindows(given, tokenizer, { ...options, count: 2, heldOut: 2 });
    expect([texts(train), texts(heldOut)]).toEqual([
      ['aaa', 'bbb'],
      ['ccc', 'ddd'],
    ]);
  });

  it('leave one to train on, and say that fewer could be held out', () => {
    const { report } = cutWindows(documents('aaabbbccc'), tokenizer, { ...options, count: 1, heldOut: 5 });
    expect(report).toMatchObject({ train: 1, heldOut: 2 });
    expect(report.notes).toEqual(['Only 2 windows could be held out, fewer than the 5 asked for.']);
  });

  it('tell of equal ones the first place', () => {
    const { train } = cutWindows(documents('abcxyz', 'abcuvw'), tokenizer, options);
    expect(train.map(({ document, offset }) => [document, offset])).toEqual([
      [0, 0],
      [0, 3],
      [1, 3],
    ]);
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
      for (const { tokens, document, line, offset } of [...train, ...heldOut]) {
        expect(line).toBe(document + 1);
        const place = given[document]!.text.slice(offset, offset + 3);
        expect([...tokens]).toEqual(tokenizer.encodeWithSpecial(place));
      }
      const places = [...train, ...heldOut].map(
        ({ document, offset }) => `${document}:${Math.floor(offset / 3)}`,
      );
      expect(new Set(places).size).toBe(places.length);
      const contents = [...train, ...heldOut].map(({ tokens }) => tokens.join());
      expect(new Set(contents).size).toBe(contents.length);
      expect(train.length).toBeGreaterThan(0);
      expect([report.train, report.heldOut]).toEqual([train.length, heldOut.length]);
      expect(report.train + report.heldOut).toBeLessThanOrEqual(report.available);
      expect(3 * (report.available + report.duplicates) + report.tokensLeftOver).toBe(report.tokens);
      expect(report.documentsTooShort).toBe(given.filter(({ text }) => text.length < 3).length);
    }
  });

  it('refuse a text that fills no window, with the numbers', () => {
    expect(() => cutWindows(documents('ab'), tokenizer, options)).toThrow(
      'it has 2 tokens, and no document fills one window of 4',
    );
  });

  it('refuse a length that leaves no room for text', () => {
    expect(() => cutWindows(documents('ab'), tokenizer, { ...options, length: 1 })).toThrow(
      'no room for text',
    );
  });
});
