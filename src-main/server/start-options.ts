/** What `npm start` may be told, and how it says that it was told something else. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { LabError } from '../engine/errors.ts';
import { usualDataFolder } from '../lab/data-folder.ts';

export const HELP = `npm start                opens the lab: in a window of its own, or else in the browser

Options come after two dashes, as in: npm start -- --browser
  --browser              in the browser, also where the window could be opened
  --no-open              prints the address and opens nothing
  --port NUMBER          the address has this port, not any that is free
  --data-folder FOLDER   keeps runs and settings there, not where this system keeps programs' data
  --repair               puts a damaged database right first, and says what could be read
  --help                 prints this
`;

export interface StartOptions {
  readonly help: boolean;
  readonly repair: boolean;
  /** The window was not asked for, or cannot do what was asked. */
  readonly inBrowser: boolean;
  readonly open: boolean;
  /** 0: any that is free. */
  readonly port: number;
  readonly dataFolder: string;
}

/** @throws LabError 'bad-argument' */
export function readStartOptions(words: readonly string[]): StartOptions {
  const values = parse(words);
  const { browser = false, 'no-open': noOpen = false, port, 'data-folder': dataFolder } = values;
  return {
    help: values.help ?? false,
    repair: values.repair ?? false,
    inBrowser: browser || noOpen || port !== undefined,
    open: !noOpen,
    port: port === undefined ? 0 : portNumber(port),
    dataFolder: dataFolder === undefined ? usualDataFolder() : path.resolve(dataFolder),
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        browser: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        port: { type: 'string' },
        'data-folder': { type: 'string' },
        repair: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (cause) {
    // Node's first sentence says which option; what follows is about programming.
    const [reason] = (cause as Error).message.split('. ');
    throw new LabError('bad-argument', `${reason}. What can be said is listed by: npm start -- --help`);
  }
}

function portNumber(written: string): number {
  const port = Number(written);
  if (written.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new LabError(
    'bad-argument',
    `"${written}" is no port: take a whole number from 1024 to 65535, or leave --port out for any that is free.`,
    { port: written },
  );
}
