/** JSON Lines: a JSON object a line; empty lines are passed over. */
import { z } from 'zod';
import type { BadRecord, DataRecord } from './records.ts';

const objectSchema = z.record(z.string(), z.unknown());
/** Columns are taken from so many lines; later ones may have others. */
const LINES_LOOKED_AT = 100;

export function* readJsonLines(text: string): Generator<DataRecord | BadRecord> {
  let line = 0;
  for (let begin = 0; begin <= text.length; ) {
    const found = text.indexOf('\n', begin);
    const end = found === -1 ? text.length : found;
    const content = text.slice(begin, end);
    line++;
    begin = end + 1;
    if (content.trim() !== '') yield readLine(content, line);
  }
}

/** In the order in which they come. */
export function columnsOfJsonLines(text: string): string[] {
  const columns = new Set<string>();
  for (const record of readJsonLines(text)) {
    if (record.line > LINES_LOOKED_AT) break;
    if ('values' in record) for (const column of Object.keys(record.values)) columns.add(column);
  }
  return [...columns];
}

function readLine(content: string, line: number): DataRecord | BadRecord {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (cause) {
    return { line, reason: `is not valid JSON: ${(cause as Error).message}` };
  }
  const values = objectSchema.safeParse(json);
  return values.success
    ? { line, values: values.data }
    : { line, reason: 'is JSON, but not an object such as {"text": "…"}' };
}
