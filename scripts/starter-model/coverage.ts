/**
 * Tells how well the stories cover the words of each sample text: a model can hyperfit a text into good new sentences
 * only if it has met the text's words before. Prints the share of the running words and of the distinct word forms that
 * the corpus contains, the token windows that the text gives, and the words that are missing.
 *
 *   node scripts/starter-model/coverage.ts [--stories 14000] [file …]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Tokenizer } from '@huggingface/tokenizers';
import { stories } from './corpus/story.ts';

const resources = fileURLToPath(new URL('../../resources', import.meta.url));
const windowLength = 256;
const corpusSeed = 1;

/** The word forms of a text, in small letters; "don't" and "o'clock" are one word, "Anna's" is Anna. */
export function wordForms(text: string): string[] {
  const words = text.toLowerCase().match(/\p{L}+(?:'\p{L}+)?/gu) ?? [];
  return words.map((word) => word.replace(/'s$/, ''));
}

export interface Coverage {
  /** Share of the running words that are known. */
  words: number;
  /** Share of the distinct word forms that are known. */
  forms: number;
  missing: string[];
}

export function coverage(text: string, known: ReadonlySet<string>): Coverage {
  const running = wordForms(text);
  const forms = new Set(running);
  const missing = [...forms].filter((form) => !known.has(form)).sort();
  return {
    words: running.filter((word) => known.has(word)).length / running.length,
    forms: 1 - missing.length / forms.size,
    missing,
  };
}

function readJson(path: string): object {
  return JSON.parse(readFileSync(path, 'utf8')) as object;
}

function main(): void {
  const { values, positionals } = parseArgs({
    options: { stories: { type: 'string', default: '14000' } },
    allowPositionals: true,
  });
  const samples = join(resources, 'samples');
  const files =
    positionals.length > 0 ? positionals : readdirSync(samples).map((name) => join(samples, name));
  const known = new Set<string>();
  for (const story of stories(corpusSeed, Number(values.stories)))
    for (const form of wordForms(story)) known.add(form);
  const starter = join(resources, 'starter-model');
  const tokenizer = new Tokenizer(
    readJson(join(starter, 'tokenizer.json')),
    readJson(join(starter, 'tokenizer_config.json')),
  );
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const { words, forms, missing } = coverage(text, known);
    const tokens = tokenizer.encode(text).ids.length;
    console.log(
      `${basename(file)}: ${percent(words)} of the words, ${percent(forms)} of the forms, ` +
        `${tokens} tokens = ${Math.floor(tokens / windowLength)} windows, ${(text.length / tokens).toFixed(2)} characters a token`,
    );
    if (missing.length > 0) console.log(`  missing: ${missing.join(' ')}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
