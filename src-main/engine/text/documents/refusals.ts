/** Why a data set cannot be trained on, in sentences: readDocuments throws the first, inspectDataSet tells it beforehand. */
import type { RecordText, TextColumns } from './columns.ts';
import { type BadRecord, type DataRecord, MAX_BYTES, type RecordSource } from './records.ts';

/** A table's columns are known before its records are read. Null: they can be read. */
export function refusalOfColumns(
  { format, columns: all }: RecordSource,
  columns: TextColumns | undefined,
  file: string,
): string | null {
  if (format === 'jsonl') return null;
  const names = all.map((column) => `"${column}"`).join(', ');
  if (columns === undefined) {
    return names === ''
      ? `${file} holds no text.`
      : `${file} has several columns (${names}), and none is called "text". Choose the one that holds the text (on the command line: --text-column).`;
  }
  const missing = Object.values(columns).find((column) => !all.includes(column));
  return missing === undefined ? null : `${file} has no column "${missing}" with text. It has ${names}.`;
}

/** Of one record; null where it has a text, or none at all and is left out. */
export function refusalOfRecord(
  { format }: RecordSource,
  record: DataRecord | BadRecord,
  found: RecordText | undefined,
  file: string,
): string | null {
  const place = `${format === 'parquet' ? 'Record' : 'Line'} ${record.line} of ${file}`;
  if ('reason' in record) return `${place} ${record.reason}.`;
  if (found === undefined || 'text' in found || found.problem === 'empty') return null;
  if (found.problem === 'missing') return `${place} has no "${found.column}".`;
  if (found.problem === 'not-text') return `${place} has something else than text in "${found.column}".`;
  // Joined without the model's own marks, a conversation would teach the model to lose them.
  const what = Array.isArray(record.values.messages)
    ? 'holds chat messages, which cannot be read yet'
    : 'has no text';
  return `${place} ${what}. A line is {"text": "…"} or {"prompt": "…", "completion": "…"}.`;
}

/** Of all records together. */
export function refusalOfSize(texts: number, characters: number, file: string): string | null {
  if (texts === 0) return `${file} holds no text.`;
  return characters > MAX_BYTES ? `${file} holds more than 256 MB of text: cut out a part.` : null;
}
