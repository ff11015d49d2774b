/**
 * Tables of text: CSV (RFC 4180: fields may be quoted, and then hold separators, line ends and doubled quotes) and TSV. The
 * first row names the columns. Other separators that spreadsheets write are recognised by the first row.
 */
import { Readable } from 'node:stream';
import { CsvError, type Options, parse } from 'csv-parse';
import { LabError } from '../../errors.ts';
import type { BadRecord, DataRecord } from './records.ts';

const SEPARATORS = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' } as const;
type Separator = keyof typeof SEPARATORS;
/** The parser takes the text in pieces, so that it never holds all of it twice. */
const PIECE = 1 << 16;

interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

export interface Table {
  readonly columns: readonly string[];
  /** What separates the fields, in plain words. */
  readonly separatedBy: string;
  records(): AsyncGenerator<DataRecord | BadRecord>;
}

/**
 * @param text with "\n" line ends
 * @throws LabError 'bad-data-set' where quotes are not closed, now or while the records are read
 */
export async function openTable(text: string, file: string): Promise<Table> {
  const separator = separatorOf(text);
  const opening = readRows(text, separator, file);
  const first = await opening.next();
  await opening.return(undefined);
  const columns = first.done ? [] : columnNames(first.value.fields);
  return {
    columns,
    separatedBy: SEPARATORS[separator],
    records: async function* () {
      const rows = readRows(text, separator, file);
      await rows.next();
      for await (const { line, fields } of rows) yield toRecord(line, fields, columns);
    },
  };
}

/** The separator that the first line has most of, outside of quotes. */
function separatorOf(text: string): Separator {
  const end = text.indexOf('\n');
  const line = text.slice(0, end === -1 ? text.length : end).replaceAll(/"[^"]*"/g, '');
  const count = (separator: Separator) => line.split(separator).length;
  return ([',', ';', '\t'] as const).reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** Columns without a name are called by their number, and equal names are told apart. */
function columnNames(fields: readonly string[]): string[] {
  const names: string[] = [];
  for (const [index, field] of fields.entries()) {
    const name = field.trim() || `column ${index + 1}`;
    names.push(names.includes(name) ? `${name} (${index + 1})` : name);
  }
  return names;
}

function toRecord(
  line: number,
  fields: readonly string[],
  columns: readonly string[],
): DataRecord | BadRecord {
  if (fields.length === columns.length)
    return { line, values: Object.fromEntries(columns.map((column, index) => [column, fields[index]])) };
  const reason = `has ${fields.length} fields where the first row names ${columns.length} columns. A field with a separator in it must stand in quotes`;
  return { line, reason };
}

async function* readRows(text: string, separator: Separator, file: string): AsyncGenerator<Row> {
  // Where the next row begins. The parser reads ahead, so the lines of rows that are not given yet wait.
  let line = 1;
  const waiting: number[] = [];
  const options: Options = {
    delimiter: separator,
    record_delimiter: '\n',
    relax_column_count: true,
    on_record: (fields, { lines }) => {
      const isEmptyLine = fields.length === 1 && fields[0] === '';
      if (!isEmptyLine) waiting.push(line);
      line = lines + 1;
      return isEmptyLine ? null : fields;
    },
  };
  const rows: AsyncIterable<string[]> = Readable.from(pieces(text)).pipe(parse(options));
  try {
    for await (const fields of rows) yield { line: waiting.shift() ?? line, fields };
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new LabError(
      'bad-data-set',
      `The row at line ${line} of ${file} has quotes that do not close, or that stand in the middle of a field. A field with quotes in it must stand in quotes, and each of its own must be doubled.`,
      { file, line },
      { cause },
    );
  }
}

function* pieces(text: string): Generator<string> {
  for (let begin = 0; begin < text.length; begin += PIECE) yield text.slice(begin, begin + PIECE);
}
