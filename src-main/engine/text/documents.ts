/**
 * Reading a data set: a text file is one document, a JSON Lines file has one per line. What is wrong is told with its
 * line, and what was changed on the way (a byte-order mark, line ends) is noted.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../errors.ts';

export interface TextDocument {
  /** All of it: where there is a prompt, the prompt and what completes it. */
  readonly text: string;
  /** With what `text` begins, where the record says so. */
  readonly prompt?: string;
  /** 1-based line of the file at which it begins. */
  readonly line: number;
}

export interface DataSet {
  readonly format: 'txt' | 'jsonl';
  readonly documents: readonly TextDocument[];
  /** In plain words: what was changed while reading. */
  readonly notes: readonly string[];
}

/** The whole file is held in memory, and JavaScript texts end at half a gigabyte. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Files of text within other structures: taken as plain text, a model would learn the structure. */
const OTHER_FORMATS = [
  '.csv',
  '.tsv',
  '.parquet',
  '.arrow',
  '.json',
  '.html',
  '.xml',
  '.pdf',
  '.docx',
  '.epub',
];

const recordSchema = z.union([
  z.looseObject({ text: z.string() }).transform(({ text }) => ({ text })),
  z
    .looseObject({ prompt: z.string(), completion: z.string() })
    .transform(({ prompt, completion }) => ({ text: prompt + completion, prompt })),
]);
const messagesSchema = z.looseObject({ messages: z.array(z.unknown()) });

/**
 * Reads a data set. `.jsonl` and `.ndjson` are JSON Lines; all else that is text is one document.
 * @throws LabError 'file-not-found'; 'bad-data-set', with `line` and, for encodings, `offset` in its data
 */
export async function readDocuments(file: string): Promise<DataSet> {
  const { text, notes } = await readText(file);
  const format = ['.jsonl', '.ndjson'].includes(path.extname(file).toLowerCase()) ? 'jsonl' : 'txt';
  const documents = format === 'jsonl' ? parseLines(text, file) : [{ text, line: 1 }];
  if (documents.every((document) => document.text.trim() === '')) {
    throw new LabError('bad-data-set', `${file} holds no text.`, { file });
  }
  return { format, documents, notes };
}

/** UTF-8 text with "\n" line ends. */
async function readText(file: string): Promise<{ text: string; notes: string[] }> {
  const extension = path.extname(file).toLowerCase();
  if (OTHER_FORMATS.includes(extension)) {
    throw new LabError(
      'bad-data-set',
      `${extension} files cannot be read yet. Save the text as .txt, or as .jsonl with one {"text": "…"} per line.`,
      { file },
    );
  }
  const found = await stat(file).catch((cause) => {
    throw new LabError('file-not-found', `There is no file ${file}.`, { file }, { cause });
  });
  if (found.isDirectory())
    throw new LabError('bad-data-set', `${file} is a folder. Choose a .txt or .jsonl file.`, { file });
  if (found.size > MAX_FILE_BYTES) {
    throw new LabError(
      'bad-data-set',
      `${file} is larger than 256 MB. Hyperfitting needs little text: cut out a part.`,
      { file, size: found.size },
    );
  }
  const bytes = await readFile(file);
  const notes: string[] = [];
  let text = decodeUtf8(bytes, file);
  if (text.includes('\0'))
    throw new LabError('bad-data-set', `${file} is not a text file: it holds zero bytes.`, { file });
  if (text.startsWith('\ufeff')) {
    text = text.slice(1);
    notes.push('The byte-order mark at the beginning was left out.');
  }
  if (text.includes('\r')) {
    text = text.replace(/\r\n?/g, '\n');
    notes.push('Windows line ends were turned into plain ones.');
  }
  return { text, notes };
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const { line, offset } = firstInvalid(bytes);
    throw new LabError(
      'bad-data-set',
      `${file} is not UTF-8 text: line ${line} holds something else (byte ${offset}). Save it as UTF-8 in a text editor.`,
      { file, line, offset },
      { cause },
    );
  }
}

/** Where decoding fails first: the longest valid beginning, by bisection. */
function firstInvalid(bytes: Uint8Array): { line: number; offset: number } {
  let [low, high] = [0, bytes.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isValidBeginning(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return { line: bytes.subarray(0, low).filter((byte) => byte === 0x0a).length + 1, offset: low };
}

function isValidBeginning(bytes: Uint8Array): boolean {
  try {
    // Streaming accepts a character that is cut off at the end.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function parseLines(text: string, file: string): TextDocument[] {
  return text.split('\n').flatMap((content, index): TextDocument[] => {
    if (content.trim() === '') return [];
    const line = index + 1;
    let json: unknown;
    try {
      json = JSON.parse(content);
    } catch (cause) {
      throw new LabError(
        'bad-data-set',
        `Line ${line} of ${file} is not valid JSON: ${(cause as Error).message}.`,
        { file, line },
        { cause },
      );
    }
    const record = recordSchema.safeParse(json);
    if (record.success) return [{ ...record.data, line }];
    const what = messagesSchema.safeParse(json).success
      ? // Joined without the model's own marks, a conversation would teach the model to lose them.
        'holds chat messages, which cannot be read yet'
      : 'has no text';
    throw new LabError(
      'bad-data-set',
      `Line ${line} of ${file} ${what}. A line is {"text": "…"} or {"prompt": "…", "completion": "…"}.`,
      { file, line },
    );
  });
}
