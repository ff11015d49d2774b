import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Connection, openDatabase } from '../../store/database.ts';
import { SettingsStore } from '../../store/library-store.ts';
import { SettingsSource } from './settings.ts';

let folder: string;
let database: Connection;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'settings-'));
  database = openDatabase(path.join(folder, 'lab.sqlite'));
});
afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

it('reads what an older lab has stored, with defaults for what it did not know', () => {
  const store = new SettingsStore(database);
  store.write('settings', { theme: 'dark' });
  expect(new SettingsSource(store).read()).toEqual({
    theme: 'dark',
    runtime: 'auto',
    threads: null,
    products: 'float32',
    keepAwake: true,
    notifyWhenDone: true,
  });
});

it('tells every listener of a change', () => {
  const settings = new SettingsSource(new SettingsStore(database));
  const heard: (number | null)[] = [];
  settings.subscribe(() => heard.push(settings.read().threads));
  settings.write({ ...settings.read(), threads: 3 });
  expect(heard).toEqual([3]);
});
