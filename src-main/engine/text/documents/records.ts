/**
 * What all readers of data sets have in common: a file is a sequence of records, a record has values by column. A text file
 * is one record with one column.
 */

export type DataFormat = 'txt' | 'jsonl' | 'csv' | 'parquet';

export interface DataRecord {
  /** 1-based line of the file at which it begins. Parquet has no lines: there it is the record's number. */
  readonly line: number;
  /** By column. A column may be missing, and a value may be anything. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A record that cannot be read, and why, in a sentence without its line. */
export interface BadRecord {
  readonly line: number;
  readonly reason: string;
}

export interface RecordSource {
  readonly format: DataFormat;
  /** In plain words; null where the format does not leave it open. */
  readonly encoding: string | null;
  /** In plain words: what was changed while reading, and what was taken for granted. */
  readonly notes: readonly string[];
  /** That may hold text, in the order of the file; of JSON Lines, those of the first records. */
  readonly columns: readonly string[];
  /**
   * From the first record at every call. Only the values of the asked columns are sure to be there.
   * @throws LabError 'bad-data-set' where reading cannot go on
   */
  records(columns: readonly string[]): AsyncIterable<DataRecord | BadRecord>;
}

/** A file is held in memory as a whole, or its texts are, and JavaScript texts end at half a gigabyte. */
export const MAX_BYTES = 256 * 1024 * 1024;
