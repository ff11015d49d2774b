import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { MIGRATIONS } from './migrations/migrations.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'store-'));
  file = path.join(folder, 'data', 'lab.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the database', () => {
  it('is made where there is none, and keeps what was written', () => {
    const first = openDatabase(file);
    first.prepare('INSERT INTO settings VALUES (?, ?)').run('theme', '"dark"');
    first.close();
    const again = openDatabase(file);
    expect(again.prepare('SELECT value_json FROM settings').pluck().get()).toBe('"dark"');
    expect(again.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(again.pragma('journal_mode', { simple: true })).toBe('wal');
    again.close();
  });

  it('is copied before it is brought to a newer version, and keeps its rows', () => {
    const old = openDatabase(file);
    old.prepare('INSERT INTO settings VALUES (?, ?)').run('theme', '"dark"');
    old.close();
    const newer = openDatabase(file, [...MIGRATIONS, 'ALTER TABLE settings ADD COLUMN changed TEXT']);
    expect(newer.prepare('SELECT * FROM settings').get()).toEqual({
      name: 'theme',
      value_json: '"dark"',
      changed: null,
    });
    newer.close();
    const copy = openDatabase(`${file}.version-${MIGRATIONS.length}`);
    expect(copy.prepare('SELECT count(*) FROM settings').pluck().get()).toBe(1);
    copy.close();
  });

  it('stays as it was when a migration fails', () => {
    openDatabase(file).close();
    const broken = [...MIGRATIONS, 'CREATE TABLE extra (x); SELECT nonsense FROM nowhere'];
    expect(() => openDatabase(file, broken)).toThrow();
    const after = openDatabase(file);
    expect(after.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'extra'").pluck().get()).toBe(0);
    after.close();
  });

  it('of a newer lab is refused, and left as it is', () => {
    openDatabase(file, [...MIGRATIONS, 'CREATE TABLE later (x)']).close();
    const before = readFileSync(file);
    expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: 'store-too-new' }));
    expect(readFileSync(file)).toEqual(before);
  });

  it('that another program holds is not called damaged', () => {
    openDatabase(file).close();
    const other = openDatabase(file);
    other.exec('BEGIN EXCLUSIVE');
    const impatient = () => openDatabase(file, [...MIGRATIONS, 'CREATE TABLE later (x)'], 0);
    expect(impatient).toThrow(expect.objectContaining({ code: 'store-in-use' }));
    other.close();
  });

  it.skipIf(process.getuid?.() === 0)('in a folder that may not be written to says so', () => {
    mkdirSync(path.dirname(file), { mode: 0o500 });
    expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });

  it.each([
    ['no database', () => Buffer.from('hello '.repeat(2000))],
    [
      'a damaged page',
      (whole: Buffer) => {
        whole.fill(0xff, 4096, 12_288);
        return whole;
      },
    ],
  ])('that is %s is refused with what to do, and left as it is', (_, damage) => {
    openDatabase(file).close();
    const damaged = damage(readFileSync(file));
    writeFileSync(file, damaged);
    expect(() => openDatabase(file)).toThrow(
      expect.objectContaining({
        code: 'store-damaged',
        message: expect.stringContaining('--repair'),
      }),
    );
    expect(readFileSync(file)).toEqual(damaged);
    expect(readdirSync(path.dirname(file)).filter((name) => name.includes('version'))).toEqual([]);
  });
});
