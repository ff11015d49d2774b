/** The desktop app as a whole, started on the fake of Electron: what a person does around its page, and its beginning and end. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '../src-preload/contract/client.ts';
import type { Command } from '../src-preload/contract/endpoints/desktop.ts';
import { type LabContract, labContract } from '../src-preload/contract/lab-contract.ts';
import { DATABASE, openDataFolder } from './lab/data-folder.ts';

vi.mock('electron', () => import('./desktop/electron.fake.ts'));

const electron = (await import('electron')) as unknown as typeof import('./desktop/electron.fake.ts');
let dataFolder: string;
const WATCHED = ['uncaughtException', 'unhandledRejection'] as const;
const before = new Set(
  WATCHED.flatMap((event): unknown[] => process.listeners(event as 'uncaughtException')),
);
beforeEach(async () => {
  dataFolder = await mkdtemp(path.join(os.tmpdir(), 'app-'));
  vi.stubEnv('HYPERFIT_LAB_HOME', dataFolder);
  vi.resetModules();
  electron.fake.reset();
  electron.app.getAppPath = () => path.join(import.meta.dirname, '..');
});
afterEach(async () => {
  // Every start watches over the whole process.
  for (const event of WATCHED)
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (!before.has(listener)) process.off(event, listener);
  vi.unstubAllEnvs();
  await rm(dataFolder, { recursive: true });
});

async function start() {
  await import('./index.ts');
  const { fake } = electron;
  await vi.waitFor(() => expect(fake.windows.length + fake.errorBoxes.length).toBe(1));
  return fake;
}

async function quit(): Promise<void> {
  electron.app.quit();
  await vi.waitFor(() => expect(electron.fake.quits).toBe(1));
}

/** The page of the window, as it connects to the lab. */
function page(): Client<LabContract> {
  const sender = electron.fake.windows[0]!.webContents;
  electron.ipcMain.emit('lab-connect', { sender, senderFrame: sender.mainFrame });
  const port = sender.posted.at(-1)!.ports[0]!;
  return new Client(labContract, {
    send: (message) => port.postMessage(message),
    listen: (listener) => {
      port.on('message', (message) => listener.received(message));
      listener.opened();
    },
    close: () => port.close(),
  });
}

function choose(label: string): void {
  const items = electron.fake.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  const item: MenuItemConstructorOptions | undefined = items.find((one) => one.label === label);
  item?.click?.({} as never, undefined, {});
}

it('answers its page, which hears what is chosen in the menu', async () => {
  await start();
  const client = page();
  expect(await client.call('desktop.capabilities', null)).toMatchObject({ dialogs: true, showFolder: true });
  expect((await client.call('about', null)).dataFolder).toBe(dataFolder);
  const { promise, resolve } = Promise.withResolvers<Command>();
  void client.open('desktop.commands', null, { onPacket: resolve }).catch(() => {});
  choose('New run');
  expect(await promise).toEqual({ screen: 'hyperfit' });
  client.close();
  await quit();
});

it('keeps what is chosen while there is no window for the page of the next', async () => {
  const fake = await start();
  fake.windows.length = 0;
  choose('Runs');
  expect(fake.windows).toHaveLength(1);
  const client = page();
  const { promise, resolve } = Promise.withResolvers<Command>();
  void client.open('desktop.commands', null, { onPacket: resolve }).catch(() => {});
  expect(await promise).toEqual({ screen: 'runs' });
  client.close();
  await quit();
});

it('opens the data folder from the menu, and shows its window when it is started again', async () => {
  const fake = await start();
  choose('Open data folder');
  expect(fake.opened).toEqual([dataFolder]);
  electron.app.emit('second-instance');
  expect(fake.windows).toHaveLength(1);
  expect(fake.windows[0]?.isFocused).toBe(true);
  await quit();
});

it('lets the next lab in when it has quit', async () => {
  await start();
  await quit();
  openDataFolder(dataFolder).release();
});

it('keeps the files of its browser in a folder of their own, below the data folder', async () => {
  const fake = await start();
  expect(fake.paths.get('userData')).toBe(path.join(dataFolder, 'window'));
  await quit();
});

it('says that another lab is open on the data folder, and ends', async () => {
  const other = openDataFolder(dataFolder);
  const fake = await start();
  expect(fake.errorBoxes[0]?.content).toMatch(/Another lab is open/);
  await vi.waitFor(() => expect(fake.exitCode).toBe(1));
  expect(existsSync(path.join(dataFolder, 'lab.log'))).toBe(false);
  other.release();
});

describe('a damaged store', () => {
  const DAMAGE = 'this is no database'.repeat(1000);
  const database = () => path.join(dataFolder, DATABASE);
  beforeEach(() => writeFile(database(), DAMAGE));

  it('is repaired when the person wants it, and kept aside', async () => {
    const fake = await start();
    expect(fake.messageBoxes[0]?.detail).toContain(database());
    expect(fake.messageBoxes[1]?.detail).toContain('damaged-');
    expect(fake.windows).toHaveLength(1);
    const aside = (await readdir(dataFolder)).find((name) => name.includes('damaged-')) ?? '';
    expect(await readFile(path.join(dataFolder, aside), 'utf8')).toBe(DAMAGE);
    await quit();
  });

  it('stays as it is when the person does not, and the lab closes', async () => {
    electron.fake.pressed = 1;
    await import('./index.ts');
    await vi.waitFor(() => expect(electron.fake.quits).toBe(1));
    expect(electron.fake.windows).toEqual([]);
    expect(await readFile(database(), 'utf8')).toBe(DAMAGE);
    openDataFolder(dataFolder).release();
  });
});

it('names a data folder that cannot be', async () => {
  const file = path.join(dataFolder, 'file');
  await writeFile(file, '');
  vi.stubEnv('HYPERFIT_LAB_HOME', path.join(file, 'data'));
  const fake = await start();
  expect(fake.errorBoxes[0]?.content).toContain(path.join(file, 'data'));
  expect(fake.errorBoxes[0]?.content).toContain('HYPERFIT_LAB_HOME');
  expect(fake.exitCode).toBe(1);
});

it('shows nothing where this app runs already on the data folder', async () => {
  electron.app.isFirst = false;
  await import('./index.ts');
  await vi.waitFor(() => expect(electron.fake.quits).toBe(1));
  expect(electron.fake.windows).toEqual([]);
});
