/** The prompts that a command is given: typed, or from a file with one a line (a record a line in JSON Lines). */
import { readPrompts } from '../lab/texts/prompts.ts';
import { type Options, text, texts, type Values } from './command.ts';

export const PROMPT_OPTIONS = {
  prompt: { type: 'string', multiple: true, takes: 'TEXT', help: 'text to continue; may come several times' },
  prompts: { type: 'string', takes: 'FILE', help: 'texts to continue: .txt, one a line, or .jsonl' },
  'max-new-tokens': { type: 'string', takes: 'N', help: 'tokens to write at most (128)' },
} as const satisfies Options;

export const DEFAULT_NEW_TOKENS = 128;

/** Typed ones first; none where none is given. */
export async function givenPrompts(values: Values): Promise<string[]> {
  const file = text(values, 'prompts');
  return [...texts(values, 'prompt'), ...(file === undefined ? [] : await readPrompts(file))];
}
