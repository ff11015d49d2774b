import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTokenizer } from './tokenizer.ts';

// That ids and texts are those of transformers, family by family, is tested in tests/golden.

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tokenizer-'));
});
afterEach(() => rm(folder, { recursive: true }));

const vocabulary = (...tokens: string[]) => Object.fromEntries(tokens.map((token, id) => [token, id]));
const specialToken = (content: string, id: number) => ({
  id,
  content,
  special: true,
  normalized: false,
  single_word: false,
  lstrip: false,
  rstrip: false,
});
/** Byte pair encoding without merges: one token a character. */
function definition(tokens: string[], change: object = {}) {
  return {
    version: '1.0',
    added_tokens: [specialToken(tokens[0]!, 0)],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', vocab: vocabulary(...tokens), merges: [], unk_token: null },
    ...change,
  };
}
const BYTE_LEVEL = ['<end>', 'a', 'b', '.', 'Ġ', 'Ċ', 'ĉ'];
const PIECES = ['</s>', 'a', 'b', '▁', '<0x0A>', '<0x41>', 'Ġ'];
const BEGIN = {
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: '<end>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [],
  special_tokens: { '<end>': { id: '<end>', ids: [0], tokens: ['<end>'] } },
};

async function load(tokenizer: object | string, config?: object, modelVocabulary?: number) {
  const text = typeof tokenizer === 'string' ? tokenizer : JSON.stringify(tokenizer);
  await writeFile(path.join(folder, 'tokenizer.json'), text);
  if (config) await writeFile(path.join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  return loadTokenizer(folder, modelVocabulary);
}

describe('a tokenizer', () => {
  it('encodes with and without what it puts around a text, and knows what it puts before', async () => {
    const tokenizer = await load(definition(BYTE_LEVEL, { post_processor: BEGIN }));
    expect(tokenizer.encode('a b')).toEqual([1, 4, 2]);
    expect(tokenizer.encodeWithSpecial('a b')).toEqual([0, 1, 4, 2]);
    expect(tokenizer.encode('')).toEqual([]);
    expect(tokenizer.beginning).toEqual([0]);
    expect(tokenizer.vocabularySize).toBe(7);
  });

  it('goes by tokenizer.json and not by add_bos_token, as transformers 5 does', async () => {
    const config = { add_bos_token: true, bos_token: '<end>' };
    expect((await load(definition(BYTE_LEVEL), config)).beginning).toEqual([]);
    const template = definition(BYTE_LEVEL, { post_processor: BEGIN });
    expect((await load(template, { ...config, add_bos_token: false })).beginning).toEqual([0]);
  });

  it('decodes without special tokens, or with them', async () => {
    const tokenizer = await load(definition(BYTE_LEVEL));
    expect(tokenizer.decode([1, 4, 2, 0])).toBe('a b');
    expect(tokenizer.decode([1, 4, 2, 0], { skipSpecial: false })).toBe('a b<end>');
    expect(tokenizer.decode([])).toBe('');
  });

  it.each([undefined, {}, { clean_up_tokenization_spaces: true }])(
    'keeps spaces before punctuation with the settings %j, as transformers 5 does',
    async (config) => {
      const tokenizer = await load(definition(BYTE_LEVEL), config);
      expect(tokenizer.decode(tokenizer.encode('a .'))).toBe('a .');
    },
  );

  it('spelled in bytes knows what begins a word', async () => {
    const tokenizer = await load(definition(BYTE_LEVEL));
    expect(BYTE_LEVEL.filter((_, id) => tokenizer.startsWord(id))).toEqual(['Ġ', 'Ċ', 'ĉ']);
    expect(tokenizer.startsWord(99)).toBe(false);
  });

  it('of pieces knows what begins a word, and takes Ġ for the letter it is', async () => {
    const tokenizer = await load(
      definition(PIECES, { pre_tokenizer: null, decoder: { type: 'ByteFallback' } }),
    );
    expect(PIECES.filter((_, id) => tokenizer.startsWord(id))).toEqual(['▁', '<0x0A>']);
  });

  it('knows the end of a text by name or by description', async () => {
    expect((await load(definition(BYTE_LEVEL), { eos_token: '<end>' })).endOfText).toBe(0);
    expect((await load(definition(BYTE_LEVEL), { eos_token: { content: '<end>' } })).endOfText).toBe(0);
    expect((await load(definition(BYTE_LEVEL), { eos_token: null })).endOfText).toBeUndefined();
  });

  it('spells its tokens', async () => {
    const tokenizer = await load(definition(BYTE_LEVEL));
    expect([tokenizer.spelling(4), tokenizer.spelling(99)]).toEqual(['Ġ', undefined]);
  });

  it('with more tokens than the model is refused with the token, its id and the size', async () => {
    await expect(load(definition(BYTE_LEVEL), {}, 6)).rejects.toMatchObject({
      code: 'bad-tokenizer',
      message: expect.stringContaining('the token "ĉ" with id 6, but the model knows ids below 6'),
    });
    const added = { added_tokens: [specialToken('<end>', 0), specialToken('<extra>', 70)] };
    await expect(load(definition(BYTE_LEVEL, added), {}, 7)).rejects.toThrow('"<extra>" with id 70');
  });

  it.each([
    ['that is not JSON', '{"model":', 'is not valid JSON'],
    ['without a vocabulary', '{"model": {}}', 'is no tokenizer'],
    ['of a kind that is not known', definition(BYTE_LEVEL, { normalizer: { type: 'X' } }), 'cannot be used'],
    [
      'that puts an unknown token around texts',
      definition(BYTE_LEVEL, {
        post_processor: { ...BEGIN, single: [{ SpecialToken: { id: '<no>', type_id: 0 } }, ...BEGIN.single] },
      }),
      'not in its vocabulary',
    ],
  ])('%s is refused', async (_, tokenizer, message) => {
    await expect(load(tokenizer)).rejects.toMatchObject({
      code: 'bad-tokenizer',
      message: expect.stringContaining(message),
    });
  });

  it('with damaged settings is refused', async () => {
    await writeFile(path.join(folder, 'tokenizer_config.json'), '{');
    await expect(load(definition(BYTE_LEVEL))).rejects.toThrow('tokenizer_config.json');
  });

  it('that is missing is refused with what to do', async () => {
    await expect(loadTokenizer(folder)).rejects.toThrow('Get it from where the model comes from');
    await writeFile(path.join(folder, 'tokenizer.model'), 'anything');
    await expect(loadTokenizer(folder)).rejects.toMatchObject({
      code: 'bad-tokenizer',
      message: expect.stringContaining('tokenizer.model must be converted'),
    });
  });
});
