/**
 * Trains the starter model's tokenizer and writes it in the Hugging Face format: byte-level byte-pair encoding as in
 * GPT-2 (Radford et al. 2019; Sennrich et al. 2016). The words of the text are counted once; each merge then touches
 * only the words that contain the merged pair.
 *
 *   node scripts/starter-model/tokenizer.ts [folder]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stories } from './corpus/story.ts';

export const endOfText = '<|end|>';
export const vocabularySize = 2048;
export const contextLength = 512;
/** About 6 MB of stories. */
const trainingStories = 4200;
const corpusSeed = 1;

/** GPT-2's split into words, numbers, punctuation and spaces: a merge never crosses such a border. */
const wordPattern = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

export interface Vocabulary {
  /** Token by id: the end-of-text token, the 256 bytes, then one token per merge. */
  tokens: string[];
  merges: [string, string][];
}

/** GPT-2's visible character for every byte: printable bytes stand for themselves, the others move beyond 255. */
export function byteCharacters(): string[] {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let moved = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : moved++));
}

/** Counts each word (with its leading space) that the pre-tokenizer finds in the texts. */
export function countWords(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [word] of text.matchAll(wordPattern)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/**
 * Learns merges until the vocabulary has `size` tokens. The commonest pair is merged first; among equals the one whose
 * tokens are older, so that the result depends on nothing but the counts.
 */
export function trainVocabulary(wordCounts: ReadonlyMap<string, number>, size: number): Vocabulary {
  const characters = byteCharacters();
  const tokens = [endOfText, ...[...characters].sort()];
  const idOfCharacter = new Map(tokens.map((token, id) => [token, id]));
  const encoder = new TextEncoder();
  const words = [...wordCounts].map(([word, count]) => ({
    ids: Array.from(encoder.encode(word), (byte) => idOfCharacter.get(characters[byte]!)!),
    count,
  }));

  // A pair of ids as one number, so that the smaller number is the older pair.
  const pairOf = (left: number, right: number) => left * size + right;
  const pairCounts = new Map<number, number>();
  const wordsWithPair = new Map<number, Set<number>>();
  const addPairs = (index: number, sign: 1 | -1) => {
    const { ids, count } = words[index]!;
    for (let position = 0; position + 1 < ids.length; position++) {
      const pair = pairOf(ids[position]!, ids[position + 1]!);
      pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + sign * count);
      if (sign === -1) continue;
      const holders = wordsWithPair.get(pair);
      if (holders) holders.add(index);
      else wordsWithPair.set(pair, new Set([index]));
    }
  };
  for (let index = 0; index < words.length; index++) addPairs(index, 1);

  const merges: [string, string][] = [];
  while (tokens.length < size) {
    let best = -1;
    let bestCount = 1;
    for (const [pair, count] of pairCounts) {
      if (count > bestCount || (count === bestCount && pair < best)) {
        best = pair;
        bestCount = count;
      }
    }
    if (best === -1) break;
    const left = Math.floor(best / size);
    const right = best % size;
    const merged = tokens.length;
    merges.push([tokens[left]!, tokens[right]!]);
    tokens.push(tokens[left]! + tokens[right]!);
    for (const index of wordsWithPair.get(best) ?? []) {
      addPairs(index, -1);
      words[index]!.ids = mergePair(words[index]!.ids, left, right, merged);
      addPairs(index, 1);
    }
    pairCounts.delete(best);
    wordsWithPair.delete(best);
  }
  return { tokens, merges };
}

function mergePair(ids: readonly number[], left: number, right: number, merged: number): number[] {
  const result: number[] = [];
  for (let position = 0; position < ids.length; position++) {
    const found = ids[position] === left && ids[position + 1] === right;
    result.push(found ? merged : ids[position]!);
    if (found) position++;
  }
  return result;
}

/** The content of tokenizer.json. The post-processor puts the end-of-text token in front, as the text's beginning. */
export function tokenizerFile({ tokens, merges }: Vocabulary): object {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const special = { SpecialToken: { id: endOfText, type_id: 0 } };
  const sequence = (id: 'A' | 'B', type: number) => ({ Sequence: { id, type_id: type } });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      {
        id: 0,
        content: endOfText,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      },
    ],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: {
      type: 'TemplateProcessing',
      single: [special, sequence('A', 0)],
      pair: [special, sequence('A', 0), special, sequence('B', 1)],
      special_tokens: { [endOfText]: { id: endOfText, ids: [0], tokens: [endOfText] } },
    },
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
}

/** The content of tokenizer_config.json. */
export function tokenizerConfig(): object {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: endOfText,
    eos_token: endOfText,
    add_bos_token: true,
    clean_up_tokenization_spaces: false,
    model_max_length: contextLength,
  };
}

/** Trains on the corpus and writes both files into `folder`. */
function writeTokenizer(folder: string): void {
  const counts = countWords(stories(corpusSeed, trainingStories));
  const vocabulary = trainVocabulary(counts, vocabularySize);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tokenizer.json'), `${JSON.stringify(tokenizerFile(vocabulary), null, 1)}\n`);
  writeFileSync(join(folder, 'tokenizer_config.json'), `${JSON.stringify(tokenizerConfig(), null, 2)}\n`);
  console.log(`${vocabulary.tokens.length} tokens from ${counts.size} different words, written to ${folder}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeTokenizer(process.argv[2] ?? fileURLToPath(new URL('../../resources/starter-model', import.meta.url)));
}
