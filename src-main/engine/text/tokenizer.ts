/**
 * A model's own tokenizer, from its tokenizer.json, run by @huggingface/tokenizers. The lab adds what it must know of
 * it: which tokens it puts before a text, and whether its ids fit the model.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { parseJson } from '../formats/parse-json.ts';

/** Far above what tokenizers have, which is some tens of megabytes. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

const tokenizerSchema = z.looseObject({
  model: z.looseObject({
    type: z.string().nullish(),
    vocab: z.union([z.record(z.string(), z.number()), z.array(z.unknown())]),
  }),
  decoder: z.unknown().optional(),
  added_tokens: z.array(z.looseObject({ id: z.number().int(), content: z.string() })).default([]),
});
type Definition = z.infer<typeof tokenizerSchema>;

const configSchema = z.looseObject({
  clean_up_tokenization_spaces: z.boolean().nullish(),
  eos_token: z.union([z.string(), z.looseObject({ content: z.string() })]).nullish(),
});

/** Spellings that begin with white space: as GPT-2 spells the bytes of " ", "\n", "\t" and "\r" … */
const WHITE_SPACE_IN_BYTES = /^[ĠĊĉč\s]/u;
/** … and as SentencePiece does, single bytes included. */
const WHITE_SPACE_IN_PIECES = /^(?:[▁\s]|<0x(?:20|0A|09|0D)>)/u;

export interface Tokenizer {
  /** Ids of the text alone. */
  encode(text: string): number[];
  /** As transformers' default call: with the tokens that the tokenizer puts around a text. */
  encodeWithSpecial(text: string): number[];
  /** The text; special tokens are left out unless `skipSpecial` is false. */
  decode(tokens: readonly number[], options?: { readonly skipSpecial?: boolean }): string;
  /** What the id stands for, as the vocabulary spells it. */
  spelling(token: number): string | undefined;
  /** Ids that the tokenizer puts before every text: the beginning-of-text token, or nothing. */
  readonly beginning: readonly number[];
  /** The token that ends a text by tokenizer_config.json; what the model itself ends with stands in its folder. */
  readonly endOfText: number | undefined;
  /** Largest id, plus one. */
  readonly vocabularySize: number;
  /**
   * Whether the token begins a word: it stands for text with white space before it. In scripts without spaces between
   * words no token does.
   */
  startsWord(token: number): boolean;
}

/**
 * @param folder the model's folder, with tokenizer.json and, mostly, tokenizer_config.json
 * @param modelVocabulary rows of the model's embedding: larger ids are refused
 * @throws LabError 'bad-tokenizer'
 */
export async function loadTokenizer(
  folder: string,
  modelVocabulary = Number.POSITIVE_INFINITY,
): Promise<Tokenizer> {
  const json = await readDefinition(folder);
  const parsed = tokenizerSchema.safeParse(json);
  if (!parsed.success)
    throw new LabError('bad-tokenizer', `The tokenizer.json in ${folder} is no tokenizer.`, { folder });
  const definition = parsed.data;
  const config = await readConfig(folder);
  const native = openNative(folder, json, config);
  const largest = largestToken(definition);
  if (largest.id >= modelVocabulary) {
    throw new LabError(
      'bad-tokenizer',
      `The tokenizer in ${folder} has the token "${largest.content}" with id ${largest.id}, but the model knows ids below ${modelVocabulary}. It belongs to another model.`,
      { token: largest.content, id: largest.id, vocabularySize: modelVocabulary },
    );
  }
  const encode = (text: string): number[] => native.encode(text, { add_special_tokens: false }).ids;
  const encodeWithSpecial = (text: string): number[] => native.encode(text).ids;
  // transformers joins spaces and punctuation only where asked to, and never for byte pair encoding.
  const cleanUp = definition.model.type !== 'BPE' && config.clean_up_tokenization_spaces === true;
  const whiteSpace = usesByteLevel(definition) ? WHITE_SPACE_IN_BYTES : WHITE_SPACE_IN_PIECES;
  const endOfText = typeof config.eos_token === 'string' ? config.eos_token : config.eos_token?.content;
  return {
    encode,
    encodeWithSpecial,
    decode: (tokens, { skipSpecial = true } = {}) =>
      tokens.length === 0
        ? ''
        : native.decode([...tokens], {
            skip_special_tokens: skipSpecial,
            clean_up_tokenization_spaces: cleanUp,
          }),
    spelling: (token) => native.id_to_token(token),
    beginning: beginningTokens(encode('a'), encodeWithSpecial('a')),
    endOfText: endOfText === undefined ? undefined : native.token_to_id(endOfText),
    vocabularySize: largest.id + 1,
    startsWord: (token) => whiteSpace.test(native.id_to_token(token) ?? ''),
  };
}

/** An unusable definition fails here, not in the middle of a run. */
function openNative(folder: string, definition: object, config: object): HuggingFaceTokenizer {
  try {
    const native = new HuggingFaceTokenizer(definition, config);
    const ids: readonly unknown[] = native.encode('a').ids;
    if (ids.every(Number.isInteger)) return native;
    throw new Error('a token that it puts around texts is not in its vocabulary');
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new LabError(
      'bad-tokenizer',
      `The tokenizer in ${folder} cannot be used: ${reason}.`,
      { folder, reason },
      { cause },
    );
  }
}

/**
 * What stands before the text itself. Only the post-processor of tokenizer.json counts: beside a tokenizer.json,
 * transformers 5 ignores `add_bos_token`.
 */
function beginningTokens(plain: readonly number[], special: readonly number[]): number[] {
  for (let start = 0; start + plain.length <= special.length; start++) {
    if (plain.every((token, index) => special[start + index] === token)) return special.slice(0, start);
  }
  return [];
}

function usesByteLevel({ decoder }: Definition): boolean {
  return JSON.stringify(decoder ?? null).includes('"type":"ByteLevel"');
}

async function readDefinition(folder: string): Promise<object> {
  const file = path.join(folder, 'tokenizer.json');
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) await refuseWithout(folder);
  else if (found.size > MAX_FILE_BYTES)
    throw new LabError('bad-tokenizer', `${file} is too large to be what its name says.`, { file });
  const json = parseJson(await readFile(file, 'utf8'));
  if (typeof json !== 'object' || json === null)
    throw new LabError('bad-tokenizer', `${file} is not valid JSON.`, { file });
  return json;
}

async function refuseWithout(folder: string): Promise<never> {
  const names = await readdir(folder).catch(() => []);
  const others = ['tokenizer.model', 'vocab.json', 'vocab.txt', 'spiece.model'];
  const other = others.find((name) => names.some((present) => present === name));
  const todo =
    other === undefined
      ? 'Get it from where the model comes from.'
      : `Its ${other} must be converted first: load it with transformers and save it with save_pretrained.`;
  throw new LabError('bad-tokenizer', `${folder} has no tokenizer.json. ${todo}`, { folder });
}

/** tokenizer_config.json may be missing. */
async function readConfig(folder: string): Promise<z.infer<typeof configSchema>> {
  const text = await readFile(path.join(folder, 'tokenizer_config.json'), 'utf8').catch(() => '{}');
  const config = configSchema.safeParse(parseJson(text));
  if (!config.success)
    throw new LabError('bad-tokenizer', `The tokenizer_config.json in ${folder} is damaged.`, { folder });
  return config.data;
}

function largestToken({ model, added_tokens: added }: Definition): { id: number; content: string } {
  let largest = { id: -1, content: '' };
  const vocabulary = Array.isArray(model.vocab)
    ? model.vocab.map((entry, id) => [String(Array.isArray(entry) ? entry[0] : entry), id] as const)
    : Object.entries(model.vocab);
  for (const [content, id] of vocabulary) if (id > largest.id) largest = { id, content };
  for (const { id, content } of added) if (id > largest.id) largest = { id, content };
  return largest;
}
