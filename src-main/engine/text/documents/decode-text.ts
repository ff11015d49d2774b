/**
 * Bytes to text. Without a byte-order mark a file is UTF-8; with one it is what the mark says. Nothing is guessed: a text in
 * a wrong encoding would be learned by heart with its wrong letters.
 */
import { LabError } from '../../errors.ts';

export interface DecodedText {
  /** With "\n" line ends, without the byte-order mark. */
  readonly text: string;
  readonly encoding: string;
  /** In plain words: what was changed. */
  readonly notes: readonly string[];
}

const ENCODINGS = [
  { label: 'utf-8', name: 'UTF-8 with a byte-order mark', mark: [0xef, 0xbb, 0xbf] },
  { label: 'utf-16le', name: 'UTF-16 (little-endian)', mark: [0xff, 0xfe] },
  { label: 'utf-16be', name: 'UTF-16 (big-endian)', mark: [0xfe, 0xff] },
] as const;
const UNMARKED = { label: 'utf-8', name: 'UTF-8', mark: [] } as const;

/** @throws LabError 'bad-data-set', with `line` and `offset` (a byte) of what is not text */
export function decodeText(bytes: Uint8Array, file: string): DecodedText {
  const encoding =
    ENCODINGS.find(({ mark }) => mark.every((byte, index) => bytes[index] === byte)) ?? UNMARKED;
  const { label, name, mark } = encoding;
  let text = decode(bytes.subarray(mark.length), encoding, file);
  if (text.includes('\0')) {
    throw new LabError(
      'bad-data-set',
      `${file} is not a text file: it holds zero bytes. If it is text, save it as UTF-8 in a text editor.`,
      { file },
    );
  }
  const notes: string[] = [];
  if (label !== 'utf-8') notes.push(`The text was read as ${name}, as its byte-order mark says.`);
  else if (mark.length > 0) notes.push('The byte-order mark at the beginning was left out.');
  if (text.includes('\r')) {
    text = text.replace(/\r\n?/g, '\n');
    notes.push('Windows line ends were turned into plain ones.');
  }
  return { text, encoding: name, notes };
}

function decode(
  bytes: Uint8Array,
  { label, name, mark }: { label: string; name: string; mark: readonly number[] },
  file: string,
): string {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const { line, offset } = firstInvalid(bytes, label);
    const place = offset + mark.length;
    throw new LabError(
      'bad-data-set',
      `${file} is not ${name} text: line ${line} holds something else (byte ${place}). Save it as UTF-8 in a text editor.`,
      { file, line, offset: place },
      { cause },
    );
  }
}

/** Where decoding fails first: the longest valid beginning, by bisection. */
function firstInvalid(bytes: Uint8Array, label: string): { line: number; offset: number } {
  let [low, high] = [0, bytes.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (decodeBeginning(bytes.subarray(0, middle), label) !== undefined) low = middle;
    else high = middle - 1;
  }
  const valid = decodeBeginning(bytes.subarray(0, low), label) ?? '';
  return { line: valid.split('\n').length, offset: low };
}

/** Undefined where it is not text. */
function decodeBeginning(bytes: Uint8Array, label: string): string | undefined {
  try {
    // Streaming accepts a character that is cut off at the end.
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}
