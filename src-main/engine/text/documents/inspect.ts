/**
 * How a data set is read, before anything is trained on it: encoding, columns, the first records as they are, and what is
 * wrong with which record. Nothing is refused that a person could put right by choosing another column.
 */
import { hash } from 'node:crypto';
import { setImmediate as otherWork } from 'node:timers/promises';
import { columnsOf, type TextColumns, textOf, usualColumns } from './columns.ts';
import { openRecords } from './open-records.ts';
import type { BadRecord, DataFormat, DataRecord, RecordSource } from './records.ts';
import { refusalOfColumns, refusalOfRecord, refusalOfSize } from './refusals.ts';

export type ProblemKind =
  | 'unreadable'
  | 'missing'
  | 'not-text'
  | 'unrecognized'
  | 'empty'
  | 'short'
  | 'duplicate'
  | 'odd-characters';

export interface RecordProblem {
  readonly kind: ProblemKind;
  /** As of TextDocument. */
  readonly line: number;
  readonly column: string | null;
  /** What was found, in plain words; empty where the kind says all. */
  readonly detail: string;
}

/** A value as far as it is shown, and how long it is; null where there is no text. */
export type Excerpt = { readonly text: string; readonly characters: number } | null;

export interface Inspection {
  readonly format: DataFormat;
  readonly encoding: string | null;
  readonly columns: readonly string[];
  /** Those that are read; null where a person must choose. */
  readonly textColumns: TextColumns | null;
  readonly records: number;
  /** With text: what is trained on. */
  readonly texts: number;
  readonly characters: number;
  readonly notes: readonly string[];
  /** The first records, their values in the order of `columns`. */
  readonly preview: readonly { readonly line: number; readonly values: readonly Excerpt[] }[];
  /** How often each kind was found; kinds that were not found are left out. */
  readonly problemCounts: Readonly<Partial<Record<ProblemKind, number>>>;
  /** The first of them. */
  readonly problems: readonly RecordProblem[];
  /** Why it cannot be trained on as it is: what readDocuments would say. Null where it can. */
  readonly refusal: string | null;
}

const RECORDS_SHOWN = 20;
const CHARACTERS_SHOWN = 600;
const PROBLEMS_LISTED = 100;
/** A text shorter than this is mostly a leftover of the file's making. */
const SHORT_CHARACTERS = 20;
const RECORDS_AT_ONCE = 1_000;

/**
 * What a text seldom means to hold: characters that were lost in a conversion (U+FFFD), control characters (terminals'
 * commands begin with one), marks that turn the direction of what follows, and characters without a meaning of their own.
 */
const ODD_CHARACTERS = /[\p{Cc}\ufffd\ufeff\u202a-\u202e\u2066-\u2069\p{Co}]/gu;
const USUAL_CONTROLS = ['\n', '\t', '\r'];

/**
 * @param chosen the text's columns; recognised by their names where they are not given
 * @throws LabError 'file-not-found', 'bad-data-set' where the file cannot be read at all; AbortError
 */
export async function inspectDataSet(
  file: string,
  chosen: TextColumns | undefined,
  signal?: AbortSignal,
): Promise<Inspection> {
  const source = await openRecords(file);
  const wanted = columnsOf(source, chosen);
  const undecided = refusalOfColumns(source, wanted, file);
  const columns = undecided === null ? wanted : undefined;
  const findings = new Findings(source, columns, file);
  let records = 0;
  for await (const record of source.records(Object.values(columns ?? {}))) {
    // Where columns must be chosen first, not every record is a problem.
    if (undecided === null) findings.look(record);
    if (++records % RECORDS_AT_ONCE !== 0) continue;
    // A long file keeps the process busy: only in between can it hear that it should stop.
    await otherWork();
    signal?.throwIfAborted();
  }
  const { format, encoding, notes } = source;
  return {
    ...{ format, encoding, notes, records },
    columns: source.columns,
    textColumns: undecided === null ? (columns ?? usualColumns(source.columns) ?? null) : null,
    texts: findings.texts,
    characters: findings.characters,
    preview: await preview(source),
    problemCounts: findings.counts,
    problems: findings.listed,
    refusal: undecided ?? findings.refusal ?? refusalOfSize(findings.texts, findings.characters, file),
  };
}

/** Collects what is wrong, record after record. */
class Findings {
  texts = 0;
  characters = 0;
  readonly counts: Partial<Record<ProblemKind, number>> = {};
  readonly listed: RecordProblem[] = [];
  /** Of the first record that cannot be used. */
  refusal: string | null = null;
  readonly #source: RecordSource;
  readonly #columns: TextColumns | undefined;
  readonly #file: string;
  /** Line of the first text with this digest. */
  readonly #seen = new Map<string, number>();

  constructor(source: RecordSource, columns: TextColumns | undefined, file: string) {
    this.#source = source;
    this.#columns = columns;
    this.#file = file;
  }

  look(record: DataRecord | BadRecord): void {
    const { line } = record;
    const found = 'values' in record ? textOf(record.values, this.#columns) : undefined;
    this.refusal ??= refusalOfRecord(this.#source, record, found, this.#file);
    if ('reason' in record) this.#add('unreadable', line, null, record.reason);
    else if (found && 'problem' in found) this.#add(found.problem, line, found.column);
    else if (found) this.#judge(found.text, record);
  }

  #judge(text: string, { line, values }: DataRecord): void {
    const column = (this.#columns ?? usualColumns(Object.keys(values)))?.text ?? null;
    this.texts++;
    this.characters += text.length;
    if (text.trim().length < SHORT_CHARACTERS)
      this.#add('short', line, column, `${text.trim().length} characters`);
    const digest = hash('md5', text, 'base64');
    const first = this.#seen.get(digest);
    if (first === undefined) this.#seen.set(digest, line);
    else this.#add('duplicate', line, column, `the same as ${first}`);
    const odd = oddCharacters(text);
    if (odd !== '') this.#add('odd-characters', line, column, odd);
  }

  #add(kind: ProblemKind, line: number, column: string | null, detail = ''): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    if (this.listed.length < PROBLEMS_LISTED) this.listed.push({ kind, line, column, detail });
  }
}

/** "U+001B ×2, U+FFFD": by code, as most of them cannot be seen. */
function oddCharacters(text: string): string {
  const counts = new Map<string, number>();
  for (const [character] of text.matchAll(ODD_CHARACTERS))
    if (!USUAL_CONTROLS.includes(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts]
    .slice(0, 5)
    .map(([character, count]) => {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      return count === 1 ? `U+${code}` : `U+${code} ×${count}`;
    })
    .join(', ');
}

async function preview(source: RecordSource): Promise<Inspection['preview']> {
  const shown: { line: number; values: Excerpt[] }[] = [];
  for await (const record of source.records(source.columns)) {
    if ('reason' in record) continue;
    const { line, values } = record;
    shown.push({ line, values: source.columns.map((column) => excerpt(values[column])) });
    if (shown.length === RECORDS_SHOWN) break;
  }
  return shown;
}

/** Whole characters only: half a one would show as a mark of something lost. */
function excerpt(value: unknown): Excerpt {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return {
    text: text
      .slice(0, CHARACTERS_SHOWN)
      .toWellFormed()
      .replace(/\ufffd$/, ''),
    characters: text.length,
  };
}
