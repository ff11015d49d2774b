/**
 * A model's own tokenizer, from its tokenizer.json, run by @huggingface/tokenizers. The lab adds what it must know of
 * it: which tokens it puts before a text, and whether its ids fit the model.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { LabError } from '../errors.ts';

const tokenizerSchema = z.looseObject({
  model: z.looseObject({ vocab: z.union([z.record(z.string(), z.number()), z.array(z.unknown())]) }),
  added_tokens: z.array(z.looseObject({ id: z.number().int(), content: z.string() })).default([]),
});
const configSchema = z.looseObject({ add_bos_token: z.boolean().nullish() });

export interface Tokenizer {
  /** Ids of the text alone. */
  encode(text: string): number[];
  /** As transformers' default call: with the tokens that the tokenizer puts around a text. */
  encodeWithSpecial(text: string): number[];
  /** The text without special tokens. */
  decode(tokens: readonly number[]): string;
  /** What the id stands for, as the vocabulary spells it. */
  spelling(token: number): string | undefined;
  /** Ids that the tokenizer puts before every text: the beginning-of-text token, or nothing. */
  readonly beginning: readonly number[];
  /** Largest id, plus one. */
  readonly vocabularySize: number;
  /** Whether the token begins a word: it stands for text with white space before it. */
  startsWord(token: number): boolean;
}

/** @param modelVocabulary rows of the model's embedding: larger ids are refused. */
export async function loadTokenizer(folder: string, modelVocabulary: number): Promise<Tokenizer> {
  const definition = await readDefinition(folder);
  const config = await readConfig(folder);
  let native: HuggingFaceTokenizer;
  try {
    native = new HuggingFaceTokenizer(definition, config);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new LabError(
      'bad-tokenizer',
      `The tokenizer in ${folder} cannot be used: ${reason}.`,
      { folder, reason },
      { cause },
    );
  }
  const largest = largestToken(definition);
  if (largest.id >= modelVocabulary) {
    throw new LabError(
      'bad-tokenizer',
      `The tokenizer in ${folder} has the token "${largest.content}" with id ${largest.id}, but the model knows ids below ${modelVocabulary}. It belongs to another model.`,
      { token: largest.content, id: largest.id, vocabularySize: modelVocabulary },
    );
  }
  const encode = (text: string) => [...native.encode(text, { add_special_tokens: false }).ids];
  const encodeWithSpecial = (text: string) => [...native.encode(text).ids];
  return {
    encode,
    encodeWithSpecial,
    decode: (tokens) =>
      tokens.length === 0 ? '' : native.decode([...tokens], { skip_special_tokens: true }),
    spelling: (token) => native.id_to_token(token),
    beginning: beginningTokens(encode('a'), encodeWithSpecial('a')),
    vocabularySize: largest.id + 1,
    startsWord: (token) => /^[Ġ▁Ċ\s]/u.test(native.id_to_token(token) ?? ''),
  };
}

/** What stands before the text itself. */
function beginningTokens(plain: readonly number[], special: readonly number[]): number[] {
  for (let start = 0; start + plain.length <= special.length; start++) {
    if (plain.every((token, index) => special[start + index] === token)) return special.slice(0, start);
  }
  return [];
}

async function readDefinition(folder: string): Promise<z.infer<typeof tokenizerSchema>> {
  const file = path.join(folder, 'tokenizer.json');
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new LabError(
      'bad-tokenizer',
      `${folder} has no tokenizer.json. Get it from where the model comes from; a tokenizer.model alone must be converted first.`,
      { file },
      { cause },
    );
  });
  const definition = tokenizerSchema.safeParse(parseJson(text));
  if (!definition.success) throw new LabError('bad-tokenizer', `${file} is not a tokenizer.`, { file });
  return definition.data;
}

/** tokenizer_config.json may be missing. */
async function readConfig(folder: string): Promise<z.infer<typeof configSchema>> {
  const text = await readFile(path.join(folder, 'tokenizer_config.json'), 'utf8').catch(() => '{}');
  const config = configSchema.safeParse(parseJson(text));
  if (!config.success)
    throw new LabError('bad-tokenizer', `The tokenizer_config.json in ${folder} is damaged.`, { folder });
  return config.data;
}

function largestToken({ model, added_tokens: added }: z.infer<typeof tokenizerSchema>): {
  id: number;
  content: string;
} {
  let largest = { id: -1, content: '' };
  const vocabulary = Array.isArray(model.vocab)
    ? model.vocab.map((entry, id) => [String(Array.isArray(entry) ? entry[0] : entry), id] as const)
    : Object.entries(model.vocab);
  for (const [content, id] of vocabulary) if (id > largest.id) largest = { id, content };
  for (const { id, content } of added) if (id > largest.id) largest = { id, content };
  return largest;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
