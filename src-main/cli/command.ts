/** What a command of the lab is, and how its words are read. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { LabError } from '../engine/errors.ts';
import type { Progress } from './progress.ts';
import { table } from './table.ts';

/** Options by name, without the dashes. */
export type Options = Readonly<Record<string, Option>>;

export interface Option {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What it takes, in one word ("FILE"); none for booleans. */
  readonly takes?: string;
  /** One line of help. */
  readonly help: string;
}

export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export interface CommandContext {
  readonly positionals: readonly string[];
  readonly values: Values;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

export interface CommandResult {
  /** What `--json` prints. */
  readonly json: unknown;
  /** What people read. */
  readonly text: string;
}

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly options: Options;
  /** What a person should know after Ctrl-C. */
  readonly afterStop?: string;
  run(context: CommandContext): Promise<CommandResult>;
}

/** Options that every command takes. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', help: 'print one JSON object' },
  runtime: {
    type: 'string',
    takes: 'NAME',
    help: 'what computes: cpu (usual), webgpu, or tensorflow where it is installed',
  },
} as const satisfies Options;

/** What `lab COMMAND --help` prints. */
export function commandHelp({ name, summary, usage, options }: Command): string {
  const rows = Object.entries({ ...options, ...COMMON_OPTIONS }).map(
    ([option, { takes, help }]: [string, Option]) => [
      `  --${option}${takes === undefined ? '' : ` ${takes}`}`,
      help,
    ],
  );
  return `lab ${name}: ${summary}\n\n${usage}\n\n${table(rows)}`;
}

export function readWords(
  command: Command,
  words: readonly string[],
): { positionals: readonly string[]; values: Values } {
  try {
    const { positionals, values } = parseArgs({
      args: [...words],
      options: { ...COMMON_OPTIONS, ...command.options },
      allowPositionals: true,
      strict: true,
    });
    return { positionals, values: values as Values };
  } catch (cause) {
    // Node's first sentence says which option; what follows is about programming.
    const [reason] = (cause as Error).message.split('. ');
    throw usageError(command, `${reason}.`);
  }
}

export function usageError(command: Pick<Command, 'usage'>, reason: string): LabError {
  return new LabError('bad-argument', `${reason.replace(/\.?$/, '.')} Usage: ${command.usage}`, {
    usage: command.usage,
  });
}

export function text(values: Values, name: string): string | undefined {
  return z.string().optional().parse(values[name]);
}

export function texts(values: Values, name: string): readonly string[] {
  return z.array(z.string()).default([]).parse(values[name]);
}

/** One of the names that are known. */
export function choice<Known extends string>(
  values: Values,
  name: string,
  known: readonly Known[],
  refused: (asked: string) => LabError,
): Known | undefined {
  const asked = text(values, name);
  const found = known.find((one) => one === asked);
  if (asked !== undefined && found === undefined) throw refused(asked);
  return found;
}

/** A number as people write it ("1e-3"), of the given kind. */
export function number(
  values: Values,
  name: string,
  schema: z.ZodType<number> = z.number(),
): number | undefined {
  const written = text(values, name);
  if (written === undefined) return undefined;
  const parsed = schema.safeParse(written.trim() === '' ? Number.NaN : Number(written));
  if (parsed.success) return parsed.data;
  throw new LabError(
    'bad-argument',
    `--${name} cannot be "${written}": ${parsed.error.issues[0]!.message}.`,
    { option: name },
  );
}

export const wholeNumber = z.number().int().positive();

/** The only positional, such as the model folder. */
export function onlyPositional(
  command: Command,
  { positionals }: Pick<CommandContext, 'positionals'>,
  what: string,
): string {
  const [first, ...rest] = positionals;
  if (first === undefined) throw usageError(command, `The ${what} is missing`);
  if (rest.length > 0) throw usageError(command, `"${rest[0]}" is one word too many`);
  return first;
}

export function runtimeName(values: Values): string {
  return text(values, 'runtime') ?? 'cpu';
}
