/**
 * Makes the story collections to hyperfit on, and the beginnings to continue: stories of the generator, from seeds that
 * pretraining does not use, chosen by theme and for little repetition.
 *
 *   node scripts/starter-model/samples.ts
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { repetition } from '../../src-main/engine/analysis/diversity/repetition.ts';
import { typeTokenRatio } from '../../src-main/engine/analysis/diversity/type-token-ratio.ts';
import { loadTokenizer } from '../../src-main/engine/text/tokenizer.ts';
import { stories } from './corpus/story.ts';

const RESOURCES = path.join(import.meta.dirname, '../../resources');
const SEED = 424_242;
const CANDIDATES = 12_000;
/** 40 windows of 256 tokens. */
const TOKENS_PER_COLLECTION = 40 * 255;
const PROMPTS = 24;
const PROMPT_WORDS = 26;

const THEMES: Readonly<Record<string, RegExp>> = {
  'sea-stories.txt': /\b(sea|ship|boat|harbor|beach|island|sailor|waves?|captain|lighthouse|fish)\b/gi,
  'forest-stories.txt': /\b(forest|trees?|woods?|fox|bear|owl|path|leaves|branch|river|mushrooms?)\b/gi,
  'winter-stories.txt': /\b(snow|winter|ice|cold|frost|fire|stove|sled|blanket|scarf|mittens)\b/gi,
};

const tokenizer = await loadTokenizer(path.join(RESOURCES, 'starter-model'));
const candidates = [...stories(SEED, CANDIDATES)].map((text) => ({ text, ...measure(text) }));
const taken = new Set<string>();
for (const [name, theme] of Object.entries(THEMES)) {
  const chosen: string[] = [];
  let tokens = 0;
  const onTheme = candidates.filter(({ text }) => !taken.has(text) && [...text.matchAll(theme)].length >= 5);
  for (const story of onTheme.sort((first, second) => first.repetition - second.repetition)) {
    if (tokens >= TOKENS_PER_COLLECTION) break;
    chosen.push(story.text);
    taken.add(story.text);
    tokens += story.tokens;
  }
  await writeFile(path.join(RESOURCES, 'samples', name), `${chosen.join('\n\n')}\n`);
  console.log(`${name}: ${chosen.length} stories of ${onTheme.length} on its theme, ${tokens} tokens`);
}
const beginnings = [...stories(SEED + 1, PROMPTS)].map((text) =>
  text.split(/\s+/).slice(0, PROMPT_WORDS).join(' '),
);
await writeFile(path.join(RESOURCES, 'samples', 'beginnings.txt'), `${beginnings.join('\n')}\n`);

/** Short stories are left out by a repetition of 1: they hardly can repeat themselves. */
function measure(text: string): { tokens: number; repetition: number } {
  const ids = tokenizer.encode(text);
  if (ids.length < 300) return { tokens: ids.length, repetition: 1 };
  return { tokens: ids.length, repetition: repetition(ids, 2) - typeTokenRatio(ids) };
}
