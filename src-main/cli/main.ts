/**
 * The lab's command line: `lab COMMAND …`. Results go to stdout, as text or, with --json, as one JSON object; progress
 * goes to stderr. Exit codes: 0 done, 1 failed, 2 asked wrongly, 130 stopped by Ctrl-C.
 */
import { LabError } from '../engine/errors.ts';
import { type Command, commandHelp, readWords } from './command.ts';
import { analyse } from './commands/analyse.ts';
import { compare } from './commands/compare.ts';
import { generate } from './commands/generate.ts';
import { hyperfit } from './commands/hyperfit.ts';
import { inspect } from './commands/inspect.ts';
import { score } from './commands/score.ts';
import { abortOnInterrupt } from './interrupt.ts';
import { Progress } from './progress.ts';
import { table } from './table.ts';

const COMMANDS: readonly Command[] = [inspect, score, generate, hyperfit, compare, analyse];

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...words]: readonly string[]): Promise<number> {
  const asJson = words.includes('--json');
  const progress = new Progress();
  const command = COMMANDS.find((candidate) => candidate.name === name);
  try {
    if (name === undefined || name === 'help' || name === '--help') {
      process.stdout.write(`${help()}\n`);
      return 0;
    }
    if (command === undefined) {
      throw new LabError(
        'bad-argument',
        `There is no command "${name}". The commands are ${COMMANDS.map((one) => one.name).join(', ')}.`,
      );
    }
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

function help(): string {
  const rows = COMMANDS.map(({ name, summary }) => [`  ${name}`, summary]);
  return `Hyperfit Lab, on the command line.\n\n${table(rows)}\n\nlab COMMAND --help tells how to use one. --json prints one JSON object.`;
}
