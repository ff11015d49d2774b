import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Command } from '../../src-preload/contract/endpoints/desktop.ts';
import { answerDesktop, type Desktop, type Question } from './desktop.ts';

const never = new AbortController().signal;

function fakeDesktop() {
  const questions: Question[] = [];
  const shown: string[] = [];
  const desktop: Desktop = {
    capabilities: { dialogs: true, showFolder: true, notifications: false, keepAwake: true, logFile: null },
    choose: async (question) => {
      questions.push(question);
      return '/chosen';
    },
    show: (place) => shown.push(place),
    commands: async function* () {
      yield { screen: 'runs' };
    },
  };
  return { desktop, questions, shown };
}

it('says that nothing of a desktop works in a browser, and refuses it in words', async () => {
  const answers = answerDesktop(undefined);
  expect(answers['desktop.capabilities'](null, never)).toEqual({
    ...{ dialogs: false, showFolder: false },
    ...{ notifications: false, keepAwake: false, logFile: null },
  });
  for (const refused of [
    () => answers['desktop.choose']({ kind: 'model' }, never),
    () => answers['desktop.showFolder']({ folder: '/' }, never),
  ])
    await expect(refused()).rejects.toMatchObject({ code: 'bad-argument', message: /desktop window/ });
  const commands: Command[] = [];
  for await (const command of answers['desktop.commands'](null, never)) commands.push(command);
  expect(commands).toEqual([]);
});

it('asks for folders as folders, and for texts by the endings that the lab reads', async () => {
  const { desktop, questions } = fakeDesktop();
  const answers = answerDesktop(desktop);
  expect(await answers['desktop.choose']({ kind: 'model' }, never)).toEqual({ path: '/chosen' });
  await answers['desktop.choose']({ kind: 'text' }, never);
  expect(questions[0]?.endings).toBeUndefined();
  expect(questions[1]?.endings).toEqual(expect.arrayContaining(['.txt', '.jsonl']));
});

it('shows folders that are there, and names one that is gone', async () => {
  const { desktop, shown } = fakeDesktop();
  const answers = answerDesktop(desktop);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'show-'));
  await answers['desktop.showFolder']({ folder }, never);
  expect(shown).toEqual([folder]);
  await rm(folder, { recursive: true });
  await expect(answers['desktop.showFolder']({ folder }, never)).rejects.toMatchObject({
    code: 'file-not-found',
    message: expect.stringContaining(folder),
  });
  expect(shown).toEqual([folder]);
});
