/**
 * Electron's security check-list, https://www.electronjs.org/docs/latest/tutorial/security: a test for each of its twenty
 * items, by its number. The app is started as it is, on the fake of Electron. What can only be seen of a package is seen in
 * tests/package; what only a real Electron does is seen nowhere here.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { WebPreferences } from 'electron';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CONTENT_POLICY } from '../pages/page-files.ts';

vi.mock('electron', () => import('./electron.fake.ts'));
const { app, fake, ipcMain, preventable, WebContents } = await import('./electron.fake.ts');
const { servePages } = await import('./app-protocol.ts');

const ROOT = path.join(import.meta.dirname, '../..');
const PAGES = path.join(ROOT, 'src-renderer');
let dataFolder: string;
let preferences: WebPreferences;

beforeAll(async () => {
  fake.reset();
  dataFolder = await mkdtemp(path.join(os.tmpdir(), 'secure-'));
  vi.stubEnv('HYPERFIT_LAB_HOME', dataFolder);
  await import('../index.ts');
  await vi.waitFor(() => expect(fake.windows).toHaveLength(1));
  preferences = fake.windows[0]?.options.webPreferences ?? {};
  await import('../../src-preload/index.ts');
});
afterAll(async () => {
  app.quit();
  await vi.waitFor(() => expect(fake.quits).toBe(1));
  vi.unstubAllEnvs();
  rmSync(dataFolder, { recursive: true });
});

/** The contents of all source files below a folder that end so; not of tests. */
function sources(folder: string, ...endings: string[]): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.includes(path.extname(file)) && !/\.(test|fake)\.ts$/.test(file))
    .map((file) => readFileSync(path.join(ROOT, folder, file), 'utf8'));
}

/** Whether a request for this address would be let through. */
function isLetThrough(url: string): boolean {
  let cancelled: boolean | undefined;
  fake.request?.({ url }, ({ cancel }) => {
    cancelled = cancel;
  });
  return cancelled === false;
}

function contents() {
  return fake.windows[0]?.webContents ?? new WebContents();
}

const FOREIGN = [
  ...['https://example.org/', 'http://example.org/', 'http://127.0.0.1:8080/', 'wss://example.org/'],
  ...['file:///etc/passwd', 'ftp://example.org/'],
];

describe("Electron's security check-list", () => {
  it('1. loads only secure content: its own, and nothing from any network', () => {
    expect(fake.windows[0]?.url).toBe('app://lab/');
    expect(isLetThrough('app://lab/index.html')).toBe(true);
    expect(FOREIGN.filter(isLetThrough)).toEqual([]);
  });

  it('2. gives pages no Node', () => {
    expect(preferences.nodeIntegration).toBe(false);
    expect(preferences.nodeIntegrationInWorker ?? false).toBe(false);
    expect(preferences.nodeIntegrationInSubFrames ?? false).toBe(false);
  });

  it('3. keeps the preload script and the page apart', () => {
    expect(preferences.contextIsolation).toBe(true);
  });

  it('4. runs pages in the sandbox, with a preload script that needs nothing else', () => {
    expect(preferences.sandbox).toBe(true);
    const preload = readFileSync(path.join(ROOT, 'src-preload/index.ts'), 'utf8');
    expect([...preload.matchAll(/from '(.*)'/g)].map(([, name]) => name)).toEqual(['electron']);
  });

  it('5. refuses pages every permission but to put text into the clipboard', () => {
    const asked = [
      ...['media', 'geolocation', 'notifications', 'midi', 'midiSysex', 'clipboard-read', 'display-capture'],
      ...['fullscreen', 'pointerLock', 'openExternal', 'fileSystem', 'hid', 'serial', 'usb', 'unknown'],
    ];
    const given = [...asked, 'clipboard-sanitized-write'].filter((permission) => {
      let isGiven = false;
      fake.permissionRequest?.(contents(), permission, (answer) => {
        isGiven = answer;
      });
      expect(fake.permissionCheck?.(contents(), permission)).toBe(isGiven);
      return isGiven;
    });
    expect(given).toEqual(['clipboard-sanitized-write']);
  });

  it('6. keeps the rule of one origin', () => {
    expect(preferences.webSecurity).toBe(true);
  });

  it('7. sends every page a content policy that lets it load only its own scripts', async () => {
    servePages(PAGES);
    const page = await fake.protocols.get('app')?.({ url: 'app://lab/', method: 'GET' });
    const policy = page?.headers.get('Content-Security-Policy') ?? '';
    const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]));
    expect(rules.get('default-src')).toEqual(["'none'"]);
    expect(rules.get('script-src')).toEqual(["'self'"]);
    expect(policy).toBe(CONTENT_POLICY);
    expect(await page?.text()).toMatch(
      /Content-Security-Policy" content="default-src 'none'; script-src 'self';/,
    );
  });

  it('8. allows no insecure content in the page', () => {
    expect(preferences.allowRunningInsecureContent ?? false).toBe(false);
  });

  it('9. switches no experiments of Chromium on', () => {
    expect(preferences.experimentalFeatures ?? false).toBe(false);
    for (const source of sources('src-main', '.ts')) expect(source).not.toMatch(/commandLine\.append/);
  });

  it('10. switches no features of Blink on', () => {
    expect(preferences.enableBlinkFeatures).toBeUndefined();
  });

  it('11. has no webview, with or without pop-ups', () => {
    expect(preferences.webviewTag ?? false).toBe(false);
    for (const source of sources('src-renderer', '.vue', '.ts', '.html'))
      expect(source).not.toMatch(/<webview|allowpopups/i);
  });

  it('12. lets no webview be made, whatever its options', () => {
    const event = preventable();
    contents().emit('will-attach-webview', event, {}, {});
    expect(event.defaultPrevented).toBe(true);
  });

  it('13. lets a page go nowhere but within itself', () => {
    const goesTo = (url: string) => {
      const event = preventable({ url });
      contents().emit('will-navigate', event);
      return !event.defaultPrevented;
    };
    expect(goesTo('app://lab/#/runs')).toBe(true);
    const elsewhere = [
      'app://other/',
      'app://lab.example.org/',
      'app://lab@example.org/',
      'javascript:alert(1)',
    ];
    expect([...FOREIGN, ...elsewhere].filter(goesTo)).toEqual([]);
  });

  it('14. opens no windows for a page', () => {
    for (const url of [...FOREIGN, 'app://lab/', 'about:blank'])
      expect(contents().windowOpen?.({ url })).toEqual({ action: 'deny' });
  });

  it('15. opens nothing outside that a page names', () => {
    for (const source of [...sources('src-main', '.ts'), ...sources('src-preload', '.ts')])
      expect(source).not.toContain('openExternal');
    // It starts programs too; the one place that calls it opens the data folder, at the menu's word.
    const opening = sources('src-main', '.ts').flatMap((source) => source.match(/openPath\(.*?\)/g) ?? []);
    expect(opening).toEqual(['openPath(lab.dataFolder)']);
  });

  it('16. uses one known Electron, no older than what this was written for', () => {
    const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    const installed = JSON.parse(readFileSync(path.join(ROOT, 'node_modules/electron/package.json'), 'utf8'));
    expect(manifest.devDependencies.electron).toBe(installed.version);
    expect(Number.parseInt(installed.version, 10)).toBeGreaterThanOrEqual(45);
  });

  it('17. listens to the main frame of its own page alone', () => {
    const connect = (origin: string, isMainFrame: boolean) => {
      const sender = new WebContents();
      const senderFrame = isMainFrame ? Object.assign(sender.mainFrame, { origin }) : { origin };
      ipcMain.emit('lab-connect', { sender, senderFrame });
      for (const { ports } of sender.posted) for (const port of ports) port.close();
      return sender.posted.length;
    };
    expect(ipcMain.eventNames()).toEqual(['lab-connect']);
    expect(connect('app://lab', true)).toBe(1);
    expect(connect('app://lab', false)).toBe(0);
    for (const origin of ['https://example.org', 'file://', 'null', 'app://lab.example.org'])
      expect(connect(origin, true)).toBe(0);
    const gone = new WebContents();
    ipcMain.emit('lab-connect', { sender: gone, senderFrame: null });
    expect(gone.posted).toEqual([]);
  });

  it('18. serves its page from an address of its own, and from there no file but those of the page', async () => {
    expect(fake.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    servePages(PAGES);
    const status = async (url: string, method = 'GET') =>
      (await fake.protocols.get('app')?.({ url, method }))?.status;
    expect(await status('app://lab/')).toBe(200);
    expect(await status('app://other/')).toBe(403);
    expect(await status('app://lab/', 'POST')).toBe(403);
    for (const place of [
      '..%2Fpackage.json',
      '%2e%2e/package.json',
      '..%5C..%5Cpackage.json',
      '%00',
      'missing.js',
    ])
      expect(await status(`app://lab/${place}`)).toBe(404);
    for (const source of sources('src-main/desktop', '.ts'))
      expect(source).not.toMatch(/loadFile|file:\/\/\//);
  });

  it('19. blows the fuses of what it does not need', () => {
    const configuration = readFileSync(path.join(ROOT, 'electron-builder.yml'), 'utf8');
    const off = ['runAsNode', 'enableNodeOptionsEnvironmentVariable', 'enableNodeCliInspectArguments'];
    const on = ['onlyLoadAppFromAsar', 'enableEmbeddedAsarIntegrityValidation'];
    for (const fuse of [...off, 'grantFileProtocolExtraPrivileges'])
      expect(configuration).toContain(`  ${fuse}: false\n`);
    for (const fuse of on) expect(configuration).toContain(`  ${fuse}: true\n`);
  });

  it("20. gives pages two functions of the lab's, and none of Electron's", () => {
    expect([...fake.exposed.keys()]).toEqual(['hyperfitLab']);
    const { connect, pathOf, ...more } = fake.exposed.get('hyperfitLab') ?? {};
    expect(more).toEqual({});
    connect?.('shell', { anything: true });
    expect(fake.sent).toEqual([['lab-connect']]);
    expect(pathOf?.({ name: 'sea.txt' })).toBe('/dropped/sea.txt');
  });
});
