import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import { expect, it } from 'vitest';
import { stories } from './corpus/story.ts';
import {
  byteCharacters,
  countWords,
  endOfText,
  tokenizerConfig,
  tokenizerFile,
  trainVocabulary,
  vocabularySize,
} from './tokenizer.ts';

const awkward = [
  'Hello, world!',
  '  two  double   spaces ',
  'line\none\n\nthree\r\n\tfour',
  'café naïve Ünïcödé ß',
  'emoji 🙂👩‍👩‍👧 🎉!',
  "don't I'll we've 'quoted' it's",
  '123 4567 a1b2',
  '日本語',
];

const vocabulary = trainVocabulary(countWords(stories(3, 100)), 700);
const trained = new Tokenizer(tokenizerFile(vocabulary), tokenizerConfig());

const shippedFile = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../resources/starter-model/${name}`, import.meta.url), 'utf8'),
  ) as object;
const shipped = new Tokenizer(shippedFile('tokenizer.json'), shippedFile('tokenizer_config.json'));

it('gives every byte a character of its own', () => {
  const characters = byteCharacters();
  expect(new Set(characters).size).toBe(256);
  expect(characters[0x41]).toBe('A');
  expect(characters[0x20]).toBe('Ġ');
  expect(characters[0x0a]).toBe('Ċ');
});

it('merges the commonest pair first, and among equals the older one', () => {
  const { merges } = trainVocabulary(
    new Map([
      ['abab', 2],
      ['cd', 4],
    ]),
    259,
  );
  expect(merges).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

it('counts a pair that overlaps itself as it is merged', () => {
  expect(trainVocabulary(new Map([['aaaa', 3]]), 260).merges).toEqual([
    ['a', 'a'],
    ['aa', 'aa'],
  ]);
});

it('has the end-of-text token, the bytes and the merges, and never learns a pair twice', () => {
  expect(vocabulary.tokens).toHaveLength(700);
  expect(vocabulary.tokens[0]).toBe(endOfText);
  expect(vocabulary.merges).toHaveLength(700 - 257);
  expect(new Set(vocabulary.tokens).size).toBe(700);
});

for (const [name, tokenizer] of [
  ['a newly trained tokenizer', trained],
  ['the shipped tokenizer', shipped],
] as const) {
  it(`gives back every text unchanged with ${name}`, () => {
    for (const text of [...awkward, ...stories(11, 5)]) {
      const { ids } = tokenizer.encode(text, { add_special_tokens: false });
      expect(tokenizer.decode(ids, { clean_up_tokenization_spaces: false })).toBe(text);
    }
  });

  it(`begins with the end-of-text token with ${name}`, () => {
    expect(tokenizer.encode('Once').ids[0]).toBe(0);
    expect(tokenizer.encode('Once', { add_special_tokens: false }).ids[0]).not.toBe(0);
    expect(tokenizer.encode(`One.${endOfText}Two.`).ids.filter((id: number) => id === 0)).toHaveLength(2);
  });
}

it('ships the vocabulary size that the model has', () => {
  expect(shipped.get_vocab().size).toBe(vocabularySize);
});
