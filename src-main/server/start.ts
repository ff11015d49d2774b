/**
 * `npm start`: the lab in the browser. It builds the page if its sources changed, prints the address, and opens it where
 * there is a browser to open. The desktop window takes its place where Electron's runtime is installed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { abortOnInterrupt } from '../cli/interrupt.ts';
import { LabError } from '../engine/errors.ts';
import { usualDataFolder } from '../lab/data-folder.ts';
import { forkEngine } from '../lab/jobs/fork-engine.ts';
import { Lab } from '../lab/lab.ts';
import { startWebServer } from './web-server.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const PAGES = path.join(ROOT, 'out', 'renderer');
const STAMP = path.join(PAGES, '.sources');

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'data-folder': { type: 'string' },
    'no-open': { type: 'boolean', default: false },
  },
});

try {
  await start();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const stopped = abortOnInterrupt();
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const lab = await Lab.open({
    dataFolder: path.resolve(values['data-folder'] ?? usualDataFolder()),
    resources: path.join(ROOT, 'resources'),
    startEngine: () => forkEngine(path.join(ROOT, 'src-main/lab/jobs/engine-process.ts')),
    roots: [os.homedir()],
    version,
  });
  await buildPages();
  const server = await startWebServer({
    answers: lab.answers,
    pages: PAGES,
    port: Number(values.port ?? 0),
    onUnexpected: (error, endpoint) => console.error(endpoint, error),
  });
  process.stdout.write(
    `The lab is open. In a browser on this computer:\n\n  ${server.entrance}\n\nCtrl-C closes it.\n`,
  );
  if (!values['no-open']) openBrowser(server.entrance);
  await new Promise((resolve) => stopped.addEventListener('abort', resolve));
  process.stdout.write('Closing; what is being trained keeps a checkpoint.\n');
  await server.close();
  await lab.close();
}

async function buildPages(): Promise<void> {
  const hash = sourcesHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return;
  const { default: vue } = await import('@vitejs/plugin-vue');
  await build({
    configFile: false,
    root: path.join(ROOT, 'src-renderer'),
    plugins: [vue()],
    logLevel: 'warn',
    build: { outDir: PAGES, emptyOutDir: true, chunkSizeWarningLimit: 2_000 },
  });
  writeFileSync(STAMP, hash);
}

function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const folder of ['src-renderer', 'src-preload/contract']) {
    for (const entry of readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile())
        hash.update(entry.name).update(readFileSync(path.join(entry.parentPath, entry.name)));
    }
  }
  return hash.digest('hex');
}

/** The system's own browser, if there is a screen; nothing is said where there is none. */
function openBrowser(address: string): void {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const [program, ...words] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', address]
        : ['xdg-open', address];
  const child = spawn(program!, words, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
