import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabError } from '../engine/errors.ts';
import { type Connection, openDatabase } from '../store/database.ts';
import { RunStore } from '../store/run-store.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import {
  describeDataFolder,
  type MoveOptions,
  type MoveProgress,
  moveDataFolder,
} from './move-data-folder.ts';

let folder: string;
let home: string;
let from: DataFolder;
let database: Connection;

const open = () => {
  from = openDataFolder(home);
  database = openDatabase(from.database);
};
const close = () => {
  database.close();
  from.release();
};
const files = async (place: string) =>
  (await readdir(place)).filter((name) => !name.startsWith('lock')).sort();

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'move-'));
  home = path.join(folder, 'home');
  open();
  await mkdir(path.join(from.runs, 'a', 'adapter'), { recursive: true });
  await writeFile(path.join(from.runs, 'a', 'adapter', 'weights'), 'x'.repeat(100_000));
  new RunStore(database).add({
    ...{ folder: path.join(from.runs, 'a'), name: 'A', modelFolder: '/m', dataFile: '/t', request: {} },
    created: '2026-11-24T10:00:00.000Z',
  });
});
afterEach(async () => {
  close();
  await rm(folder, { recursive: true });
});

async function move(to: string, changes: Partial<MoveOptions> = {}): Promise<MoveProgress[]> {
  const told: MoveProgress[] = [];
  const { signal } = new AbortController();
  const options = { from, database, to, removeOld: false, checkQuiet: () => {}, signal, ...changes };
  for await (const progress of moveDataFolder(options)) told.push(progress);
  return told;
}

describe('the data folder', () => {
  it('tells what takes room', async () => {
    const bytes = await describeDataFolder(from);
    expect(bytes.runs).toBe(100_000);
    expect(bytes.database).toBeGreaterThan(4096);
  });

  it('moves with all that is in it, is found there at the next start, and moves back', async () => {
    const to = path.join(folder, 'disk', 'lab');
    const told = await move(to, { removeOld: true });
    expect(new Set(told.map(({ phase }) => phase))).toEqual(new Set(['copying', 'checking', 'done']));
    close();
    expect(await files(home)).toEqual(['moved.json']);
    open();
    expect(from.path).toBe(to);
    expect(await readFile(path.join(from.runs, 'a', 'adapter', 'weights'), 'utf8')).toHaveLength(100_000);
    expect(new RunStore(database).list()).toMatchObject([{ folder: path.join(to, 'runs', 'a') }]);
    await move(home, { removeOld: true });
    close();
    expect(await files(home)).toEqual(['lab.sqlite', 'runs']);
    open();
    expect(from.path).toBe(home);
    expect(new RunStore(database).list()).toMatchObject([{ folder: path.join(home, 'runs', 'a') }]);
  });

  it('is left where it was unless that is asked for', async () => {
    await move(path.join(folder, 'new'));
    expect(existsSync(path.join(home, 'runs', 'a', 'adapter', 'weights'))).toBe(true);
  });

  it('is not moved into itself, around itself, to a full folder or to a file', async () => {
    await mkdir(path.join(folder, 'full'));
    await writeFile(path.join(folder, 'full', 'letter.txt'), 'Dear …');
    const places = ['home', 'home/runs', 'home/new', '.', 'full', 'full/letter.txt'];
    for (const place of places) {
      await expect(move(path.join(folder, place)), place).rejects.toMatchObject({ code: 'bad-argument' });
    }
    expect(await readFile(path.join(folder, 'full', 'letter.txt'), 'utf8')).toBe('Dear …');
    expect(await files(home)).toContain('lab.sqlite');
  });

  it.each<[string, (controller: AbortController) => Partial<MoveOptions>]>([
    ['something is computed', () => ({ checkQuiet: refuse })],
    ['something begins on the way', () => ({ checkQuiet: onSecondCall(refuse) })],
    [
      'something is written on the way',
      () => ({ checkQuiet: onSecondCall(() => {}), signal: changing(path.join(home, 'runs', 'new')) }),
    ],
    ['it is cancelled', (controller) => ({ signal: controller.signal })],
  ])('stays whole, and nothing is left of the copy, when %s', async (_, changes) => {
    const controller = new AbortController();
    controller.abort();
    const to = path.join(folder, 'new');
    await expect(move(to, changes(controller))).rejects.toThrow();
    expect(await readdir(to).catch(() => [])).toEqual([]);
    expect(await files(home)).toEqual(expect.arrayContaining(['lab.sqlite', 'runs']));
    expect(await files(home)).not.toContain('moved.json');
    expect(new RunStore(database).list()).toHaveLength(1);
  });

  it('that was moved to a disk that is not there says so, and nothing begins anew', async () => {
    const to = path.join(folder, 'disk');
    await move(to);
    close();
    await rm(to, { recursive: true });
    expect(() => openDataFolder(home)).toThrow(
      expect.objectContaining({ code: 'file-not-found', message: expect.stringContaining(to) }),
    );
    await mkdir(to);
    open();
  });

  it('names the file that tells of its place, where that cannot be read', async () => {
    const file = path.join(folder, 'elsewhere', 'moved.json');
    await mkdir(path.dirname(file));
    await writeFile(file, '{"folder"');
    expect(() => openDataFolder(path.dirname(file))).toThrow(
      expect.objectContaining({ code: 'file-not-found', message: expect.stringContaining(file) }),
    );
  });

  it('cannot begin where a file is in the way, and says where', async () => {
    const file = path.join(folder, 'a file');
    await writeFile(file, '');
    expect(() => openDataFolder(path.join(file, 'inside'))).toThrow(
      expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining(file) }),
    );
  });
});

function refuse(): void {
  throw new LabError('bad-argument', 'Busy.');
}

function onSecondCall(then: () => void): () => void {
  let calls = 0;
  return () => {
    if (++calls === 2) then();
  };
}

/** A signal that is never aborted; who asks it writes a file. */
function changing(file: string): AbortSignal {
  const { signal } = new AbortController();
  signal.throwIfAborted = () => void writeFile(file, 'new');
  return signal;
}
