/** The built app in Electron itself: that it starts, shows its window, trains, and quits. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../cli/run-lab.ts';
import { openScreen, tryItNow } from './paths.ts';

const RUNTIME = path.join(
  ROOT,
  'node_modules/electron/dist',
  { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as string] ??
    'electron',
);

function whatIsMissing(): string | undefined {
  if (!existsSync(RUNTIME)) return "Electron's runtime is not installed";
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'there is no display';
  return undefined;
}

const missing = whatIsMissing();
describe.skipIf(missing)(missing ? `the app in Electron: ${missing}` : 'the app in Electron', () => {
  let folder: string;
  let app: ElectronApplication;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
    app = await _electron.launch({
      executablePath: RUNTIME,
      // A container's root has no sandbox for Chromium.
      args: [ROOT, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      env: { ...definedOnly(process.env), HYPERFIT_LAB_HOME: folder },
    });
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  it('leads from Home over Models to a run that makes its first steps, and quits', async () => {
    const page = await app.firstWindow();
    await page.getByRole('navigation').first().waitFor();
    expect(page.url()).toMatch(/^app:\/\/lab\//);
    await openScreen(page, 'Models');
    await tryItNow(page);
    const ended = new Promise<number | null>((resolve) => app.process().once('exit', resolve));
    await app.evaluate(({ app: electron }) => electron.quit());
    expect(await ended).toBe(0);
  });
});

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
