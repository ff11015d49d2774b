/**
 * Token windows: what training sees. Each has exactly L tokens and begins as the model's tokenizer begins a text. They
 * do not overlap, equal ones are taken once, and held-out windows are other windows than those trained on.
 */
import { hash } from 'node:crypto';
import { LabError } from '../errors.ts';
import { Random } from '../random.ts';
import type { TextDocument } from './documents/documents.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface WindowOptions {
  /** Tokens per window, L. */
  readonly length: number;
  /** Training windows at most. */
  readonly count: number;
  /** By seeded chance, or in the order of the file, held-out windows after those trained on. */
  readonly order: 'random' | 'first';
  readonly seed: number;
  /** Held-out windows; null: a tenth of what there is, at least 1 and at most 128. */
  readonly heldOut: number | null;
  /** Cut a document into as many windows as it fills, or take its beginning only. */
  readonly perDocument: 'all' | 'first';
}

export interface TokenWindow {
  readonly tokens: Int32Array;
  /** Document it was cut from, 0-based; the line of the file where that begins; the window's first token in it. */
  readonly document: number;
  readonly line: number;
  readonly offset: number;
}

export interface WindowReport {
  readonly documents: number;
  /** Tokens of all documents. */
  readonly tokens: number;
  readonly documentsTooShort: number;
  /** Tokens after the last whole window of each document. */
  readonly tokensLeftOver: number;
  readonly duplicates: number;
  /** Different windows that could be cut. */
  readonly available: number;
  readonly requested: number;
  readonly train: number;
  readonly heldOut: number;
  /** In plain words: what differs from what was asked for, and what was left out. */
  readonly notes: readonly string[];
}

export interface WindowSet {
  readonly train: readonly TokenWindow[];
  readonly heldOut: readonly TokenWindow[];
  readonly report: WindowReport;
}

const DEFAULT_HELD_OUT_SHARE = 0.1;
const LARGEST_DEFAULT_HELD_OUT = 128;

/**
 * Cuts documents into windows, chooses, and holds some out. The authors' code of Carlsson et al. 2025 does so with
 * `order` 'first' and `perDocument` 'first'; their paper speaks of a random choice.
 *
 * @throws LabError 'bad-argument' where a window has no room for text, 'bad-data-set' where no document fills one
 */
export function cutWindows(
  documents: readonly TextDocument[],
  tokenizer: Tokenizer,
  options: WindowOptions,
): WindowSet {
  const { length, count, order, seed, heldOut } = options;
  const { windows, tokens, documentsTooShort, tokensLeftOver } = cutAll(documents, tokenizer, options);
  const unique = withoutDuplicates(windows);
  if (unique.length === 0) {
    throw new LabError(
      'bad-data-set',
      `The text is too short: it has ${tokens} tokens, and no document fills one window of ${length}. Add text or choose shorter windows.`,
      { tokens, length, documents: documents.length },
    );
  }
  const ordered = order === 'random' ? new Random(seed).shuffled(unique) : unique;
  const heldOutCount = Math.min(unique.length - 1, heldOut ?? usualHeldOut(unique.length));
  const trainCount = Math.min(count, unique.length - heldOutCount);
  const report = {
    documents: documents.length,
    tokens,
    documentsTooShort,
    tokensLeftOver,
    duplicates: windows.length - unique.length,
    available: unique.length,
    requested: count,
    train: trainCount,
    heldOut: heldOutCount,
  };
  return {
    train: ordered.slice(0, trainCount),
    heldOut: ordered.slice(trainCount, trainCount + heldOutCount),
    report: { ...report, notes: notesOf(report, options) },
  };
}

function cutAll(
  documents: readonly TextDocument[],
  { beginning, encode }: Tokenizer,
  { length, perDocument }: WindowOptions,
) {
  const textTokens = length - beginning.length;
  if (textTokens < 1)
    throw new LabError('bad-argument', `A window of ${length} tokens leaves no room for text.`, { length });
  const windows: TokenWindow[] = [];
  let [tokens, documentsTooShort, tokensLeftOver] = [0, 0, 0];
  for (const [document, { text, line }] of documents.entries()) {
    const ids = encode(text);
    const whole = Math.floor(ids.length / textTokens);
    const taken = perDocument === 'first' ? Math.min(1, whole) : whole;
    for (let index = 0; index < taken; index++) {
      const offset = index * textTokens;
      const window = new Int32Array(length);
      window.set(beginning);
      window.set(ids.slice(offset, offset + textTokens), beginning.length);
      windows.push({ tokens: window, document, line, offset });
    }
    tokens += ids.length;
    tokensLeftOver += ids.length - taken * textTokens;
    if (whole === 0) documentsTooShort++;
  }
  return { windows, tokens, documentsTooShort, tokensLeftOver };
}

/** Of equal windows the first; otherwise one could be trained on and its double held out. */
function withoutDuplicates(windows: readonly TokenWindow[]): TokenWindow[] {
  const seen = new Set<string>();
  return windows.filter(({ tokens }) => {
    const digest = hash('sha256', tokens, 'base64');
    return !seen.has(digest) && seen.add(digest);
  });
}

/** Leaves at least one window to train on. */
/** Windows that are held out where nobody says how many. */
export function usualHeldOut(available: number): number {
  const share = Math.max(1, Math.round(available * DEFAULT_HELD_OUT_SHARE));
  return Math.min(LARGEST_DEFAULT_HELD_OUT, share);
}

function notesOf(report: Omit<WindowReport, 'notes'>, options: WindowOptions): string[] {
  const notes: string[] = [];
  const { documentsTooShort, duplicates, train, requested, heldOut } = report;
  if (train < requested)
    notes.push(`The text gives ${train} training windows, fewer than the ${requested} asked for.`);
  if (documentsTooShort > 0)
    notes.push(
      `${documentsTooShort} of ${report.documents} documents are shorter than ${options.length} tokens and were left out.`,
    );
  if (duplicates > 0) notes.push(`${duplicates} windows were the same as others and were left out.`);
  if (options.heldOut !== null && heldOut > 0 && heldOut < options.heldOut)
    notes.push(`Only ${heldOut} windows could be held out, fewer than the ${options.heldOut} asked for.`);
  if (heldOut === 0)
    notes.push('There is no window left to hold out: the validation loss cannot be measured.');
  return notes;
}
