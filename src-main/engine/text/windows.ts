/**
 * Token windows: what training sees. Each has exactly L tokens and begins as the model's tokenizer begins a text. They
 * do not overlap, equal ones are taken once, and held-out windows are other windows than those trained on.
 */
import { LabError } from '../errors.ts';
import { Random } from '../random.ts';
import type { TextDocument } from './documents.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface WindowOptions {
  /** Tokens per window, L. */
  readonly length: number;
  /** Training windows at most. */
  readonly count: number;
  /** By seeded chance, or in the order of the file. */
  readonly order: 'random' | 'first';
  readonly seed: number;
  /** Held-out windows; null: a tenth of what there is, at least 1 and at most 128. */
  readonly heldOut: number | null;
  /** Cut a document into as many windows as it fills, or take its beginning only. */
  readonly perDocument: 'all' | 'first';
}

export interface TokenWindow {
  readonly tokens: Int32Array;
  /** Document it was cut from, 0-based, and the place of its first text token in it. */
  readonly document: number;
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
  /** In plain words: what a person should know. */
  readonly notes: readonly string[];
}

export interface WindowSet {
  readonly train: readonly TokenWindow[];
  readonly heldOut: readonly TokenWindow[];
  readonly report: WindowReport;
}

const LARGEST_DEFAULT_HELD_OUT = 128;

export function cutWindows(
  documents: readonly TextDocument[],
  tokenizer: Tokenizer,
  options: WindowOptions,
): WindowSet {
  const { length, count, order, seed, heldOut, perDocument } = options;
  const textTokens = length - tokenizer.beginning.length;
  if (textTokens < 1)
    throw new LabError('bad-argument', `A window of ${length} tokens leaves no room for text.`, { length });
  const all: TokenWindow[] = [];
  let [tokens, documentsTooShort, tokensLeftOver] = [0, 0, 0];
  for (const [document, { text }] of documents.entries()) {
    const ids = tokenizer.encode(text);
    const whole = Math.floor(ids.length / textTokens);
    const taken = perDocument === 'first' ? Math.min(1, whole) : whole;
    for (let index = 0; index < taken; index++) {
      const offset = index * textTokens;
      all.push({
        tokens: Int32Array.from([...tokenizer.beginning, ...ids.slice(offset, offset + textTokens)]),
        document,
        offset,
      });
    }
    tokens += ids.length;
    tokensLeftOver += ids.length - taken * textTokens;
    if (whole === 0) documentsTooShort++;
  }
  const unique = [...new Map(all.map((window) => [window.tokens.join(), window])).values()];
  if (unique.length === 0) {
    throw new LabError(
      'bad-data-set',
      `The text is too short: it has ${tokens} tokens, and no document fills one window of ${length}. Add text or choose shorter windows.`,
      { tokens, length, documents: documents.length },
    );
  }
  const ordered = order === 'random' ? new Random(seed).shuffled(unique) : unique;
  const heldOutCount = chooseHeldOut(unique.length, count, heldOut);
  const trainCount = Math.min(count, unique.length - heldOutCount);
  const report = {
    documents: documents.length,
    tokens,
    documentsTooShort,
    tokensLeftOver,
    duplicates: all.length - unique.length,
    available: unique.length,
    requested: count,
    train: trainCount,
    heldOut: heldOutCount,
  };
  return {
    train: ordered.slice(0, trainCount),
    heldOut: ordered.slice(trainCount, trainCount + heldOutCount),
    report: { ...report, notes: notesOf(report, length) },
  };
}

/** Leaves at least one window to train on. */
function chooseHeldOut(available: number, requested: number, heldOut: number | null): number {
  const spare = available - 1;
  if (heldOut !== null) return Math.min(heldOut, spare);
  const tenth = Math.min(LARGEST_DEFAULT_HELD_OUT, Math.max(1, Math.round(available / 10)));
  // Windows beyond those asked for cost nothing: they are held out first.
  return Math.min(spare, Math.max(tenth, Math.min(LARGEST_DEFAULT_HELD_OUT, available - requested)));
}

function notesOf(report: Omit<WindowReport, 'notes'>, length: number): string[] {
  const notes: string[] = [];
  const { documentsTooShort, duplicates, train, requested, heldOut } = report;
  if (train < requested)
    notes.push(`The text gives ${train} training windows, fewer than the ${requested} asked for.`);
  if (documentsTooShort > 0)
    notes.push(
      `${documentsTooShort} of ${report.documents} documents are shorter than ${length} tokens and were left out.`,
    );
  if (duplicates > 0) notes.push(`${duplicates} windows were the same as others and were left out.`);
  if (heldOut === 0)
    notes.push('There is no window left to hold out: the validation loss cannot be measured.');
  return notes;
}
