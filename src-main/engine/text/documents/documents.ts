/**
 * Reading a data set to train on: the texts of its records. Records without text are left out and counted; the first that
 * cannot be read ends it, with its line, as what is silently missing would not be learned. See inspect.ts for all of them.
 */
import { LabError } from '../../errors.ts';
import { columnsOf, type TextColumns, textOf } from './columns.ts';
import { openRecords } from './open-records.ts';
import type { DataFormat } from './records.ts';
import { refusalOfColumns, refusalOfRecord, refusalOfSize } from './refusals.ts';

export interface TextDocument {
  /** All of it: where there is a prompt, the prompt and what completes it. */
  readonly text: string;
  /** With what `text` begins, where the record says so. */
  readonly prompt?: string;
  /** 1-based line of the file at which it begins; of Parquet, the record's number. */
  readonly line: number;
}

export interface DataSet {
  readonly format: DataFormat;
  readonly documents: readonly TextDocument[];
  /** In plain words: what was changed or left out while reading. */
  readonly notes: readonly string[];
}

/**
 * @param chosen columns of the text; recognised by their names where they are not given
 * @throws LabError 'file-not-found'; 'bad-data-set', with `line` and, for encodings, `offset` in its data
 */
export async function readDocuments(file: string, chosen?: TextColumns): Promise<DataSet> {
  const source = await openRecords(file);
  const columns = columnsOf(source, chosen);
  refuse(refusalOfColumns(source, columns, file), { file, columns: source.columns });
  const documents: TextDocument[] = [];
  let [empty, characters] = [0, 0];
  for await (const record of source.records(Object.values(columns ?? {}))) {
    const { line } = record;
    const found = 'values' in record ? textOf(record.values, columns) : undefined;
    refuse(refusalOfRecord(source, record, found, file), { file, line });
    if (found === undefined || 'problem' in found) {
      empty++;
      continue;
    }
    documents.push({ ...found, line });
    characters += found.text.length;
    // As soon as it is known, before memory runs out.
    refuse(refusalOfSize(documents.length, characters, file), { file });
  }
  refuse(refusalOfSize(documents.length, characters, file), { file });
  return { format: source.format, documents, notes: [...source.notes, ...noteOfEmpty(empty)] };
}

function noteOfEmpty(records: number): string[] {
  if (records === 0) return [];
  return [
    records === 1 ? '1 record without text was left out.' : `${records} records without text were left out.`,
  ];
}

function refuse(refusal: string | null, data: Record<string, unknown>): void {
  if (refusal !== null) throw new LabError('bad-data-set', refusal, data);
}
