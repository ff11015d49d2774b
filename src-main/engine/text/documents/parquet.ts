/**
 * Parquet: tables stored by column, in groups of rows. A group is read at a time, and of it only the columns that are asked
 * for; what a group would take in memory is known before it is read.
 */
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { LabError } from '../../errors.ts';
import { type DataRecord, MAX_BYTES } from './records.ts';

type Metadata = Awaited<ReturnType<typeof parquetMetadataAsync>>;

export interface ParquetTable {
  /** Those that hold text. */
  readonly columns: readonly string[];
  readonly otherColumns: readonly string[];
  records(columns: readonly string[]): AsyncGenerator<DataRecord>;
}

/** @throws LabError 'bad-data-set', now or while the records are read */
export async function openParquet(file: string): Promise<ParquetTable> {
  const source = await asyncBufferFromFile(file);
  const metadata = await guarded(file, () => parquetMetadataAsync(source));
  const schema = parquetSchema(metadata).children;
  const namesOf = (holdText: boolean) =>
    schema.filter(({ element }) => isText(element) === holdText).map(({ element }) => element.name);
  return {
    columns: namesOf(true),
    otherColumns: namesOf(false),
    records: async function* (columns) {
      let begin = 0;
      for (const group of metadata.row_groups) {
        const end = begin + Number(group.num_rows);
        checkSize(group, columns, file);
        const range = { rowStart: begin, rowEnd: end };
        // Without a column the library would read all of them.
        const rows: Record<string, unknown>[] =
          columns.length === 0
            ? Array.from({ length: end - begin }, () => ({}))
            : await guarded(file, () =>
                parquetReadObjects({ file: source, metadata, columns: [...columns], compressors, ...range }),
              );
        for (const [index, values] of rows.entries()) yield { line: begin + index + 1, values };
        begin = end;
      }
    },
  };
}

/** UTF-8 by the older or the newer way of saying so; other bytes may be pictures. */
function isText({ converted_type, logical_type }: Metadata['schema'][number]): boolean {
  return converted_type === 'UTF8' || logical_type?.type === 'STRING';
}

/** A small file may unfold to far more than the memory there is. */
function checkSize(
  { columns }: Metadata['row_groups'][number],
  asked: readonly string[],
  file: string,
): void {
  const size = columns
    .flatMap(({ meta_data }) => meta_data ?? [])
    .filter(({ path_in_schema }) => asked.includes(path_in_schema[0] ?? ''))
    .reduce((sum, { total_uncompressed_size }) => sum + Number(total_uncompressed_size), 0);
  if (size <= MAX_BYTES) return;
  throw new LabError(
    'bad-data-set',
    `${file} has a group of rows with more than 256 MB of text. Hyperfitting needs little text: cut out a part.`,
    { file, size },
  );
}

async function guarded<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new LabError(
      'bad-data-set',
      `${file} cannot be read as Parquet: it is damaged, or of another kind (${(cause as Error).message}).`,
      { file },
      { cause },
    );
  }
}
