/** The lab in the browser: it serves the page on this computer, prints its address, and opens it where there is a browser. */
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { forkEngine } from '../lab/jobs/fork-engine.ts';
import { Lab } from '../lab/lab.ts';
import { ownVersion } from '../own-version.ts';
import { buildPages } from './build-pages.ts';
import { ROOT } from './built.ts';
import { hasScreen } from './screen.ts';
import type { StartOptions } from './start-options.ts';
import { startWebServer } from './web-server.ts';

/** Until the signal. */
export async function runInBrowser(options: StartOptions, signal: AbortSignal): Promise<void> {
  let reconnect = () => {};
  /** Rejected with what the lab cannot go on after; heard where it is waited for, below. */
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  let lab = openLab();
  try {
    await lab;
    // The address is told at once; whoever opens it waits for the page.
    const pages = buildPages();
    pages.catch(lost.reject);
    const server = await startWebServer({
      answers: async () => (await lab).answers,
      pages,
      port: options.port,
      onUnexpected: (error, endpoint) => console.error(endpoint, error),
    });
    reconnect = server.disconnect;
    process.stdout.write(
      `The lab is open. In a browser on this computer:\n\n  ${server.entrance}\n\nCtrl-C closes it.\n`,
    );
    if (options.open) openBrowser(server.entrance);
    const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
    await Promise.race([stopped, lost.promise]).finally(server.close);
    process.stdout.write('Closing; what is being trained keeps a checkpoint.\n');
  } finally {
    await lab.then((opened) => opened.close());
  }

  async function openLab(): Promise<Lab> {
    const version = await ownVersion();
    return Lab.open({
      dataFolder: options.dataFolder,
      resources: path.join(ROOT, 'resources'),
      startEngine: (environment) =>
        forkEngine(path.join(ROOT, 'src-main/lab/jobs/engine-process.ts'), environment),
      roots: [os.homedir()],
      version,
      onMoved: openAnew,
    });
  }

  /** The data is elsewhere now. Pages come again by themselves, to the lab that is open then. */
  function openAnew(): void {
    lab = lab.then(async (moved) => {
      await moved.close();
      return openLab();
    });
    lab.catch(lost.reject);
    reconnect();
  }
}

/** The system's own browser; nothing is said where there is none. */
function openBrowser(address: string): void {
  if (!hasScreen()) return;
  const [program, ...words] =
    process.platform === 'darwin'
      ? (['open', address] as const)
      : process.platform === 'win32'
        ? (['rundll32', 'url.dll,FileProtocolHandler', address] as const)
        : (['xdg-open', address] as const);
  const child = spawn(program, words, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
