import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Connection, openDatabase } from './database.ts';
import { PathStore, SettingsStore } from './library-store.ts';

let folder: string;
let database: Connection;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'library-'));
  database = openDatabase(path.join(folder, 'lab.sqlite'));
});
afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true });
});
const details = z.object({ fingerprint: z.string().optional() });
const open = () => new PathStore(database, 'models', details);

describe('the store of models and texts', () => {
  it('keeps details with a path, and begins anew where they no longer fit', () => {
    open().add('/models/a', 'a');
    open().setDetails('/models/a', { fingerprint: '7' });
    expect(open().list()).toEqual([{ path: '/models/a', details: { fingerprint: '7' } }]);
    const later = new PathStore(database, 'models', z.object({ fingerprint: z.number().optional() }));
    expect(later.detailsOf('/models/a')).toEqual({});
  });

  it('takes what a person has written into the file and is no JSON for nothing', () => {
    open().add('/models/a', 'a');
    database.exec("UPDATE models SET details_json = 'mine'");
    expect(open().list()).toEqual([{ path: '/models/a', details: {} }]);
    database.exec("INSERT INTO settings VALUES ('theme', 'dark')");
    expect(new SettingsStore(database).read('theme', z.string())).toBeUndefined();
  });

  it('finds what was moved, also twice and back again', () => {
    const store = open();
    store.add('/a', 'a');
    store.move('/a', '/b', 'b');
    store.move('/b', '/c', 'c');
    expect([store.whereIs('/a'), store.whereIs('/b'), store.whereIs('/c')]).toEqual(['/c', '/c', '/c']);
    store.move('/c', '/a', 'a');
    expect([store.whereIs('/a'), store.whereIs('/b'), store.whereIs('/c')]).toEqual(['/a', '/a', '/a']);
    expect(store.list()).toEqual([{ path: '/a', details: {} }]);
  });

  it('leaves one where what was moved had been added at its new place too', () => {
    const store = open();
    store.add('/a', 'a');
    store.add('/b', 'b');
    store.move('/a', '/b', 'b');
    expect(store.list().map(({ path: place }) => place)).toEqual(['/b']);
  });
});
