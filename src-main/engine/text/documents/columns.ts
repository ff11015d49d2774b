/** Which columns of a record are the text: as a person has chosen, or by the names that are usual. */
import { z } from 'zod';
import type { RecordSource } from './records.ts';

export const textColumnsSchema = z.strictObject({
  text: z.string(),
  /** What stands before the text, where the two are apart. */
  prompt: z.string().exactOptional(),
});
export type TextColumns = z.infer<typeof textColumnsSchema>;

/** A record's text, or what keeps it from having one. */
export type RecordText =
  | { readonly text: string; readonly prompt?: string }
  | { readonly problem: 'empty' | 'missing' | 'not-text' | 'unrecognized'; readonly column: string | null };

/** Names that are taken for the text's, the first of them first, in any case. */
const USUAL_NAMES = ['text', 'content', 'story', 'document', 'body'];

/**
 * What is read of a table: what was chosen, or what the names say, or the only column there is. Undefined of a table where a
 * person must choose; and of JSON Lines without a choice, as there each line may have names of its own: see textOf.
 */
export function columnsOf(
  { format, columns }: Pick<RecordSource, 'format' | 'columns'>,
  chosen: TextColumns | undefined,
): TextColumns | undefined {
  if (chosen !== undefined || format === 'jsonl') return chosen;
  const [only, ...others] = columns;
  return usualColumns(columns) ?? (only !== undefined && others.length === 0 ? { text: only } : undefined);
}

/** By their names; undefined where none is a usual one. */
export function usualColumns(columns: readonly string[]): TextColumns | undefined {
  if (columns.includes('text')) return { text: 'text' };
  if (columns.includes('prompt') && columns.includes('completion'))
    return { prompt: 'prompt', text: 'completion' };
  const [found] = USUAL_NAMES.flatMap(
    (name) => columns.find((column) => column.trim().toLowerCase() === name) ?? [],
  );
  return found === undefined ? undefined : { text: found };
}

/** @param columns undefined: recognised by the names in this record */
export function textOf(values: Readonly<Record<string, unknown>>, columns?: TextColumns): RecordText {
  const { text: textColumn, prompt: promptColumn } = columns ?? usualColumns(Object.keys(values)) ?? {};
  if (textColumn === undefined) return { problem: 'unrecognized', column: null };
  if (!(textColumn in values)) return { problem: 'missing', column: textColumn };
  const text = values[textColumn] ?? '';
  if (typeof text !== 'string') return { problem: 'not-text', column: textColumn };
  if (text.trim() === '') return { problem: 'empty', column: textColumn };
  const prompt = promptColumn === undefined ? '' : (values[promptColumn] ?? '');
  if (typeof prompt !== 'string') return { problem: 'not-text', column: promptColumn ?? null };
  return prompt === '' ? { text } : { text: prompt + text, prompt };
}
