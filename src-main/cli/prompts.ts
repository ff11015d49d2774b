/** Prompts from a file: one per line of a text file, or one per record of a JSON Lines file. */
import { readDocuments } from '../engine/text/documents.ts';

export async function readPrompts(file: string): Promise<string[]> {
  const { format, documents } = await readDocuments(file);
  if (format === 'jsonl') return documents.map(({ text }) => text);
  return documents.flatMap(({ text }) => text.split('\n')).filter((line) => line.trim() !== '');
}
