/**
 * What the lab asks of the desktop that it may run on. The lab says what is to be chosen; how it looks there is the
 * desktop's own. In a browser there is none, and what needs one is refused in words.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type {
  Capabilities,
  Choice,
  Command,
  desktopContract,
} from '../../src-preload/contract/endpoints/desktop.ts';
import type { Answers } from '../../src-preload/contract/server.ts';
import { LabError } from '../engine/errors.ts';
import { DATA_SET_ENDINGS } from '../engine/text/documents/open-records.ts';

export interface Question {
  readonly title: string;
  /** Endings of the files to choose from (".txt"); undefined: a folder is to be chosen. */
  readonly endings?: readonly string[];
}

export interface Desktop {
  readonly capabilities: Capabilities;
  /** The path that a person has chosen; null: none. */
  choose(question: Question): Promise<string | null>;
  /** @param place is there */
  show(place: string): void;
  /** What is chosen outside the page, until the signal. */
  commands(signal: AbortSignal): AsyncIterable<Command>;
}

const QUESTIONS: Readonly<Record<Choice, Question>> = {
  model: { title: 'Choose the folder of a model' },
  text: { title: 'Choose a text to train on', endings: DATA_SET_ENDINGS },
  prompts: { title: 'Choose a file of beginnings (prompts)', endings: DATA_SET_ENDINGS },
  folder: { title: 'Choose a folder' },
};

const NOTHING: Capabilities = {
  dialogs: false,
  showFolder: false,
  notifications: false,
  keepAwake: false,
  logFile: null,
};

export function answerDesktop(desktop: Desktop | undefined): Answers<typeof desktopContract> {
  return {
    'desktop.capabilities': () => desktop?.capabilities ?? NOTHING,
    'desktop.choose': async ({ kind }) => ({ path: await need(desktop).choose(QUESTIONS[kind]) }),
    'desktop.showFolder': async ({ folder }) => {
      const { show } = need(desktop);
      const place = path.resolve(folder);
      const isThere = await stat(place).then(
        () => true,
        () => false,
      );
      if (!isThere) throw new LabError('file-not-found', `${place} is not there any more.`, { path: place });
      show(place);
    },
    'desktop.commands': async function* (_nothing, signal) {
      if (desktop) yield* desktop.commands(signal);
    },
  };
}

function need(desktop: Desktop | undefined): Desktop {
  if (desktop) return desktop;
  throw new LabError(
    'bad-argument',
    'This works in the desktop window only; here the lab runs in a browser.',
  );
}
