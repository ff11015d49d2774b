/**
 * Measures a row, round after round: contenders take turns, so what else the computer does hits all. Each round is kept when it is
 * complete, as a line of JSON, so that a long comparison can be cut and gone on with.
 */
import { appendFile, readFile } from 'node:fs/promises';
import os from 'node:os';
import { measure, type Peers } from './child.ts';
import { type Round, roundSchema } from './comparison.ts';
import { type Contender, type Row, rowSchema, type Variant } from './row.ts';

/** The rounds of this computer, of this call and of those before it. */
export class Rounds {
  readonly #file: string | undefined;
  readonly #rounds: Round[];

  private constructor(file: string | undefined, rounds: Round[]) {
    this.#file = file;
    this.#rounds = rounds;
  }

  /** @param file undefined: nothing is kept; one that is not there yet is made */
  static async open(file: string | undefined): Promise<Rounds> {
    if (file === undefined) return new Rounds(undefined, []);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    // What a cut left of a last line ends in no newline.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) await appendFile(file, '\n');
    const rounds = whole.split('\n').flatMap((line) => parseRound(line) ?? []);
    return new Rounds(
      file,
      rounds.filter(({ computer }) => computer === describeComputer()),
    );
  }

  of(row: Row): readonly Round[] {
    const asked = askedBy(row);
    return this.#rounds.filter((round) => askedBy(round.row) === asked);
  }

  /** What ours of the last round computed with: "auto" stays with it. */
  lastRuntime(): string | undefined {
    return this.#rounds.at(-1)?.row.contenders.find(({ role }) => role === 'ours' || role === 'point')
      ?.computes;
  }

  async add(round: Round): Promise<void> {
    this.#rounds.push(round);
    if (this.#file !== undefined) await appendFile(this.#file, `${JSON.stringify(round)}\n`);
  }
}

export interface MeasuringOptions {
  /** Of all; those that are there already are not measured again. */
  readonly count: number;
  readonly peers: Peers;
  readonly signal: AbortSignal;
  /** Called when a contender begins. */
  readonly onBegin: (contender: string, round: number) => void;
}

export async function measureRow(
  row: Row,
  rounds: Rounds,
  options: MeasuringOptions,
): Promise<readonly Round[]> {
  for (let number = rounds.of(row).length + 1; number <= options.count; number++) {
    const [first] = rounds.of(row);
    const results: Round['results'] = [];
    for (const [index, contender] of row.contenders.entries()) {
      const chosen = contender.variants.filter(({ name }) => name === first?.results[index]?.variant);
      const variants = chosen.length > 0 ? chosen : contender.variants;
      results.push(await fastest(contender, variants, number, options));
    }
    await rounds.add({ computer: describeComputer(), date: new Date().toISOString(), row, results });
  }
  return rounds.of(row).slice(0, options.count);
}

async function fastest(
  contender: Contender,
  variants: readonly Variant[],
  round: number,
  { peers, signal, onBegin }: MeasuringOptions,
): Promise<Round['results'][number]> {
  const results: Round['results'] = [];
  for (const variant of variants) {
    onBegin([contender.name, variant.name].filter(Boolean).join(', '), round);
    results.push({ variant: variant.name, result: await measure(contender, variant, peers, signal) });
  }
  return results.toSorted((one, other) => one.result.seconds - other.result.seconds)[0]!;
}

export function describeComputer(): string {
  const memory = (os.totalmem() / 2 ** 30).toFixed(0);
  return `${os.cpus()[0]?.model ?? os.arch()}, ${os.availableParallelism()} threads, ${memory} GiB, ${os.platform()}`;
}

/** Two rows that ask the same have the same text, whether or not one was read from a file. */
function askedBy(row: Row): string {
  return JSON.stringify(rowSchema.parse(row));
}

/** Undefined for a line that a cut left, or one of an older form. */
function parseRound(line: string): Round | undefined {
  try {
    return roundSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
