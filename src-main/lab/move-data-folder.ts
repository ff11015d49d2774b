/**
 * Moves the lab's data to another folder, perhaps on another disk: everything is copied and the copy compared before
 * anything is switched, so whatever goes wrong on the way leaves the data where it was. The database is copied last, from
 * within SQLite; between that and the switch nothing can be written.
 */
import { copyFile, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../engine/errors.ts';
import { diskErrors, hashFile } from '../engine/formats/durable-files.ts';
import { type Connection, openDatabase } from '../store/database.ts';
import { DATABASE, type DataFolder, LOCK, POINTER, pointTo } from './data-folder.ts';
import { isWithin } from './folders/is-within.ts';

export interface MoveProgress {
  readonly phase: 'copying' | 'checking' | 'done';
  /** Of the phase. */
  readonly share: number;
}

export interface MoveOptions {
  readonly from: DataFolder;
  readonly database: Connection;
  readonly to: string;
  readonly removeOld: boolean;
  /** Throws where something writes to the folder now. */
  readonly checkQuiet: () => void;
  readonly signal: AbortSignal;
}

/**
 * When it is over, `from` must not be written to any more: the lab opens itself anew.
 * @throws LabError 'bad-argument' for a place that cannot be moved to; 'disk-full'; 'store-damaged' where a copy differs
 */
export async function* moveDataFolder(options: MoveOptions): AsyncGenerator<MoveProgress> {
  const { from, database, checkQuiet, signal } = options;
  const to = path.resolve(options.to);
  checkQuiet();
  await checkTarget(from, to);
  await diskErrors(to, () => mkdir(to, { recursive: true }));
  try {
    const files = await listFiles(from.path);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const phase of ['copying', 'checking'] as const) {
      let done = 0;
      for (const { name, size } of files) {
        signal.throwIfAborted();
        yield { phase, share: bytes === 0 ? 1 : done / bytes };
        const [source, target] = [path.join(from.path, name), path.join(to, name)];
        if (phase === 'copying') await copyDurably(source, target);
        else if ((await hashFile(source)) !== (await hashFile(target))) throw differs(target);
        done += size;
      }
    }
    await checkUnchanged(from.path, files);
    checkQuiet();
    signal.throwIfAborted();
    copyDatabase(database, from.path, to);
  } catch (error) {
    await empty(to);
    throw error;
  }
  pointTo(from.home, to);
  database.close();
  if (options.removeOld) await removeOld(from);
  yield { phase: 'done', share: 1 };
}

/** Room that the data takes, in bytes. */
export async function describeDataFolder(
  folder: DataFolder,
): Promise<{ runs: number; database: number; other: number }> {
  const bytes = { runs: 0, database: 0, other: 0 };
  for (const entry of await readdir(folder.path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const place = path.join(entry.parentPath, entry.name);
    const [first = ''] = path.relative(folder.path, place).split(path.sep);
    const kind =
      first === 'runs' || first === 'experiments'
        ? 'runs'
        : first.startsWith(DATABASE)
          ? 'database'
          : 'other';
    // A run may remove a checkpoint just now.
    bytes[kind] += await stat(place).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return bytes;
}

async function checkTarget(from: DataFolder, to: string): Promise<void> {
  const refuse = (why: string) => new LabError('bad-argument', why, { from: from.path, to });
  if (to === from.path) throw refuse('The data is in this folder already.');
  if (isWithin(from.path, to) || isWithin(to, from.path))
    throw refuse('The new folder may not lie within the old one, nor around it. Choose one beside it.');
  const present = await readdir(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw refuse(`${to} is not a folder that can be opened. Choose another.`);
  });
  const strange = present.filter((name) => !(to === from.home && [POINTER, LOCK].includes(name)));
  if (strange.length > 0) throw refuse(`${to} is not empty. Choose an empty folder, or a new one.`);
}

/** All but the database in use, which SQLite copies itself, and what belongs to the place. */
async function listFiles(folder: string): Promise<{ name: string; size: number }[]> {
  const own = [DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`, LOCK, `${LOCK}-journal`, POINTER];
  const files: { name: string; size: number }[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const name = path.relative(folder, path.join(entry.parentPath, entry.name));
    if (entry.isFile() && !own.includes(name))
      files.push({ name, size: (await stat(path.join(folder, name))).size });
  }
  return files;
}

async function checkUnchanged(
  folder: string,
  files: readonly { name: string; size: number }[],
): Promise<void> {
  const now = await listFiles(folder);
  if (JSON.stringify(now) === JSON.stringify(files)) return;
  throw new LabError(
    'bad-argument',
    'Something was changed in the data folder while it was copied; everything was left where it was. Try again.',
    { folder },
  );
}

async function copyDurably(source: string, target: string): Promise<void> {
  await diskErrors(target, async () => {
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(source, target);
    const handle = await open(target, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

/** Runs' folders are absolute in the database: the copy tells the new ones. */
function copyDatabase(database: Connection, from: string, to: string): void {
  const target = path.join(to, DATABASE);
  database.prepare('VACUUM INTO ?').run(target);
  // Opening checks it.
  const copy = openDatabase(target);
  const inside = from + path.sep;
  copy
    .prepare(
      'UPDATE runs SET folder = ? || substr(folder, length(?) + 1) WHERE substr(folder, 1, length(?)) = ?',
    )
    .run(to + path.sep, inside, inside, inside);
  copy.close();
}

/** What was copied goes, and the folder stays: it may have been there before. */
async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (name !== POINTER && name !== LOCK)
      await rm(path.join(folder, name), { recursive: true, force: true });
}

async function removeOld({ path: folder, home }: DataFolder): Promise<void> {
  const kept = folder === home ? [POINTER, LOCK] : [LOCK];
  for (const name of await readdir(folder))
    if (!kept.includes(name)) await rm(path.join(folder, name), { recursive: true, force: true });
}

function differs(file: string): LabError {
  return new LabError(
    'store-damaged',
    `The copy ${file} is not what was written: that disk may be failing. Everything was left where it was.`,
    { file },
  );
}
