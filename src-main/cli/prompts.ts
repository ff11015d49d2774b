/** The prompts that a command is given: typed, or from a file with one a line (a record a line in JSON Lines). */
import { readDocuments } from '../engine/text/documents/documents.ts';
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

export async function readPrompts(file: string): Promise<string[]> {
  const { format, documents } = await readDocuments(file);
  if (format !== 'txt') return documents.map(({ text }) => text);
  return documents.flatMap(({ text }) => text.split('\n')).filter((line) => line.trim() !== '');
}
