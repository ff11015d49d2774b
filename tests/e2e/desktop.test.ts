/** The desktop app as it is built, on the Electron stand-in: the whole way, and what only the desktop has. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE } from '../../src-main/lab/data-folder.ts';
import { isAlive } from '../cli/run-lab.ts';
import { DesktopLab, DROPPED_FROM, onDesktop, startApp } from './desktop-lab.ts';
import { testHostileNames } from './hostile-names.suite.ts';
import { openRun, openScreen, reachEpoch, seesState, tryItNow } from './paths.ts';
import { descendantsOf } from './processes.ts';
import { testWholeWay } from './whole-way.suite.ts';
import { testWizard } from './wizard.suite.ts';

testWholeWay(onDesktop);
testHostileNames(onDesktop);
testWizard(onDesktop);

describe.skipIf(onDesktop.missing)('the desktop app alone', () => {
  let folder: string;
  let lab: DesktopLab;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
    lab = await DesktopLab.start(folder);
  });
  afterAll(async () => {
    await lab.quit();
    await rm(folder, { recursive: true });
  });

  it("serves the page's own files under a content policy, and no other file", async () => {
    const { page } = lab;
    const home = page.url();
    const reloaded = await page.reload();
    expect(reloaded?.headers()['content-security-policy']).toContain("default-src 'none'");
    for (const file of ['/package.json', '/..%2Fmain%2Findex.js', '/../../package.json']) {
      const response = await page.goto(new URL(file, home).href);
      expect([file, response?.status()]).toEqual([file, 404]);
    }
    await page.goto(home);
    await page.getByRole('navigation').first().waitFor();
  });

  it('runs no script that comes from elsewhere', async () => {
    const refused = await lab.page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener(
            'securitypolicyviolation',
            ({ effectiveDirective }) => resolve(effectiveDirective),
            { once: true },
          );
          const script = document.createElement('script');
          script.textContent = 'document.title = "stolen"';
          document.body.append(script);
        }),
    );
    expect(refused).toBe('script-src-elem');
    expect(await lab.page.title()).not.toBe('stolen');
  });

  it('stays at its address, opens no window and gets no permission', async () => {
    const { app, page } = lab;
    const home = page.url();
    await page.evaluate(() => {
      window.location.href = 'https://example.com/away';
    });
    expect(await app.called('will-navigate')).toEqual({ url: 'https://example.com/away', isPrevented: true });
    expect(await page.evaluate(() => window.open('https://example.com/pop-up'))).toBeNull();
    expect(await app.called('window-open')).toMatchObject({ action: 'deny' });
    const permissions = await page.evaluate(async () => {
      const names = ['notifications', 'geolocation', 'camera', 'microphone'] as const;
      const found = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
      return found.map(({ state }) => state);
    });
    expect(permissions).toEqual(['denied', 'denied', 'denied', 'denied']);
    expect(page.url()).toBe(home);
    await openScreen(page, 'Models');
  });

  it('leads from the menu to a screen', async () => {
    lab.app.tell({ kind: 'choose', label: 'Texts' });
    await lab.page.getByRole('heading', { level: 1, name: 'Texts' }).waitFor();
  });

  it('learns where a dropped file lies', async () => {
    const file = await lab.page.evaluate(() => {
      const { hyperfitLab } = window as unknown as { hyperfitLab: { pathOf(file: File): string } };
      return hyperfitLab.pathOf(new File([], 'sea-stories.txt'));
    });
    expect(file).toBe(path.join(DROPPED_FROM, 'sea-stories.txt'));
  });

  it('is shown again when it is started a second time', async () => {
    const { app, page } = lab;
    const before = app.details('window.focus').length;
    const second = startApp(folder);
    expect(await second.exited).toBe(0);
    expect(second.details('BrowserWindow')).toEqual([]);
    await expect.poll(() => app.details('window.focus').length).toBeGreaterThan(before);
    expect(page.context().pages()).toHaveLength(1);
  });

  it('keeps the computer awake while it trains, and every step when it quits', async () => {
    await tryItNow(lab.page);
    await lab.app.called('powerSaveBlocker.start');
    await lab.quit();
    expect(lab.app.details('powerSaveBlocker.stop')).toHaveLength(1);
    const [run = ''] = await readdir(path.join(folder, 'runs'));
    const checkpoints = await readdir(path.join(folder, 'runs', run, 'checkpoints'));
    const steps = (await readFile(path.join(folder, 'runs', run, 'steps.jsonl'), 'utf8')).trim().split('\n');
    const kept = checkpoints.map((name) => Number(/step-(\d+)/.exec(name)?.[1]));
    expect(Math.max(...kept)).toBe(steps.length);
    lab = await DesktopLab.start(folder);
    await openRun(lab.page, 'Try it now');
    await lab.page.getByRole('button', { name: 'Go on' }).click();
    await seesState(lab.page, 'Training');
  });

  it('leaves no process behind when it is killed', async () => {
    await reachEpoch(lab.page, 1);
    const processes = descendantsOf(lab.pid);
    // Chromium with its helpers, and the engine.
    expect(processes.length).toBeGreaterThan(3);
    await lab.kill();
    await expect.poll(() => processes.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    lab = await DesktopLab.start(folder);
  });

  it('asks whether to repair a damaged store, and opens with the runs of its folders', async () => {
    await lab.quit();
    await writeFile(path.join(folder, DATABASE), 'no database');
    lab = await DesktopLab.start(folder, [0, 0]);
    const asked = lab.app.details('dialog.showMessageBox');
    expect(asked).toMatchObject([
      { buttons: ['Repair', 'Close the lab'] },
      { detail: expect.stringContaining('1 run was found') },
    ]);
    await openRun(lab.page, 'try it now');
  });
});
