/** Opens a data set by what its name ends with. Other structures are refused: a model would learn them with the text. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../errors.ts';
import { openTable } from './csv.ts';
import { decodeText } from './decode-text.ts';
import { columnsOfJsonLines, readJsonLines } from './json-lines.ts';
import { openParquet } from './parquet.ts';
import { type DataFormat, MAX_BYTES, type RecordSource } from './records.ts';

const FORMATS: Readonly<Record<string, DataFormat>> = {
  '.txt': 'txt',
  '.md': 'txt',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.parquet': 'parquet',
};
/** What files of text end with; others are tried as plain text. */
export const DATA_SET_ENDINGS: readonly string[] = Object.keys(FORMATS);

const OTHER_STRUCTURES = ['.arrow', '.json', '.html', '.xml', '.pdf', '.docx', '.epub'];

/** The one column of a text file. */
const TEXT_COLUMN = 'text';

/** @throws LabError 'file-not-found', 'bad-data-set' */
export async function openRecords(file: string): Promise<RecordSource> {
  const extension = path.extname(file).toLowerCase();
  const format = FORMATS[extension] ?? 'txt';
  await checkFile(file, extension, format);
  if (format === 'parquet') {
    const { columns, otherColumns, records } = await openParquet(file);
    const notes = otherColumns.length === 0 ? [] : [`Columns without text: ${otherColumns.join(', ')}.`];
    return { format, encoding: null, notes, columns, records };
  }
  const { text, encoding, notes } = decodeText(await readFile(file), file);
  if (format === 'jsonl') {
    const records = async function* () {
      yield* readJsonLines(text);
    };
    return { format, encoding, notes, columns: columnsOfJsonLines(text), records };
  }
  if (format === 'csv') {
    const { columns, separatedBy, records } = await openTable(text, file);
    const taken = `The first row was taken as the names of the columns, which are separated by ${separatedBy}.`;
    return { format, encoding, notes: [...notes, taken], columns, records };
  }
  const records = async function* () {
    yield { line: 1, values: { [TEXT_COLUMN]: text } };
  };
  return { format, encoding, notes, columns: [TEXT_COLUMN], records };
}

async function checkFile(file: string, extension: string, format: DataFormat): Promise<void> {
  if (OTHER_STRUCTURES.includes(extension)) {
    throw new LabError(
      'bad-data-set',
      `${extension} files cannot be read. Save the text as .txt, or as .jsonl with one {"text": "…"} per line.`,
      { file },
    );
  }
  const found = await stat(file).catch((cause) => {
    throw new LabError('file-not-found', `There is no file ${file}.`, { file }, { cause });
  });
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'a folder' : 'not a file';
    throw new LabError('bad-data-set', `${file} is ${what}. Choose a file with text.`, { file });
  }
  if (format !== 'parquet' && found.size > MAX_BYTES) {
    throw new LabError(
      'bad-data-set',
      `${file} is larger than 256 MB. Hyperfitting needs little text: cut out a part.`,
      { file, size: found.size },
    );
  }
}
