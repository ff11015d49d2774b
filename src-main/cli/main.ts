/**
 * The lab's command line: `lab COMMAND …`. Results go to stdout, as text or, with --json, as one JSON object; progress
 * goes to stderr. Exit codes: 0 done, 1 failed, 2 asked wrongly, 130 stopped by Ctrl-C.
 */
import { LabError } from '../engine/errors.ts';
import { type Command, commandHelp, readWords } from './command.ts';
import { abortOnInterrupt } from './interrupt.ts';
import { Progress } from './progress.ts';
import { table } from './table.ts';

/** Each is loaded when it is asked for: a training run then has no memory of what it does not use. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  inspect: async () => (await import('./commands/inspect.ts')).inspect,
  score: async () => (await import('./commands/score.ts')).score,
  generate: async () => (await import('./commands/generate.ts')).generate,
  hyperfit: async () => (await import('./commands/hyperfit.ts')).hyperfit,
  compare: async () => (await import('./commands/compare.ts')).compare,
  analyse: async () => (await import('./commands/analyse.ts')).analyse,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
};

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...words]: readonly string[]): Promise<number> {
  const asJson = words.includes('--json');
  const progress = new Progress();
  let command: Command | undefined;
  try {
    if (name === undefined || name === 'help' || name === '--help') {
      process.stdout.write(`${await help()}\n`);
      return 0;
    }
    command = await findCommand(name);
    if (words.includes('--help')) {
      process.stdout.write(`${commandHelp(command)}\n`);
      return 0;
    }
    const signal = abortOnInterrupt();
    const { json, text } = await command.run({ ...readWords(command, words), signal, progress });
    progress.clear();
    process.stdout.write(`${asJson ? JSON.stringify(json) : text}\n`);
    return 0;
  } catch (error) {
    progress.clear();
    return report(error, asJson, command?.afterStop);
  }
}

function report(error: unknown, asJson: boolean, afterStop = ''): number {
  const interrupted = error instanceof Error && error.name === 'AbortError';
  const shown = interrupted
    ? new LabError('cancelled', `Stopped. ${afterStop}`.trim())
    : error instanceof LabError
      ? error
      : new LabError(
          'runtime-failed',
          `Something went wrong that the lab did not expect: ${(error as Error).message}`,
          {},
          { cause: error },
        );
  const { code, message, data } = shown;
  if (asJson) process.stdout.write(`${JSON.stringify({ error: { code, message, data } })}\n`);
  else process.stderr.write(`${message}\n`);
  if (process.env.HYPERFIT_DEBUG) console.error(error);
  if (interrupted) return 130;
  return code === 'bad-argument' ? 2 : 1;
}

async function findCommand(name: string): Promise<Command> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load !== undefined) return load();
  const names = Object.keys(COMMANDS).join(', ');
  throw new LabError('bad-argument', `There is no command "${name}". The commands are ${names}.`);
}

async function help(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  return `Hyperfit Lab, on the command line.\n\n${table(rows)}\n\nlab COMMAND --help tells how to use one. --json prints one JSON object.`;
}
