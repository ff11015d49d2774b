/**
 * node scripts/bootstrap.mjs FILE.ts [arguments…]
 *
 * Runs a file of the project with the project's own Node, installing what the project needs first. It needs nothing
 * itself but Node 18 and npm. What is installed is remembered by the hash of package-lock.json, so a second start
 * touches neither the network nor npm.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.hyperfit-install');
const lock = path.join(root, '.hyperfit-install.lock');
const NODE_MAJOR = 24;
const LOCK_STALE_MS = 15 * 60 * 1000;

const [file, ...words] = process.argv.slice(2);
if (file === undefined) fail('Say which file to run: node scripts/bootstrap.mjs FILE.ts');
await install();
const code = await run(projectNode(), [path.resolve(root, file), ...words], { stdio: 'inherit' });
process.exit(code);

async function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isInstalled()) return;
  await takeLock();
  try {
    // Another start may have installed while this one waited.
    if (isInstalled()) return;
    process.stderr.write('Installing what the lab needs (once; it takes a minute) …\n');
    // On Windows npm is a script that only a shell can start.
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const options = { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' };
    const code = await run(npm, ['ci', '--no-audit', '--no-fund'], options);
    if (code !== 0)
      fail(
        'npm could not install the packages (its words are above). The first start needs the network; later ones do not.',
      );
    writeFileSync(stamp, wanted);
  } finally {
    rmdirSync(lock);
  }
}

/** A folder is made by one process only. One that a killed install left behind is taken over after a while. */
async function takeLock() {
  for (;;) {
    try {
      mkdirSync(lock);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LOCK_STALE_MS) rmdirSync(lock);
    else await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** The Node that came as a package, or this one if it is new enough. */
function projectNode() {
  const program = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  for (const name of [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]) {
    const candidate = path.join(modules, name, program);
    if (existsSync(candidate)) return candidate;
  }
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  return fail(
    `There is no Node ${NODE_MAJOR} for ${process.platform} ${process.arch} among the packages. Install Node ${NODE_MAJOR} yourself and start again.`,
  );
}

/** Runs a program to its end. Output that is not inherited is shown if it fails. */
function run(program, words, options) {
  return new Promise((resolve) => {
    const child = spawn(program, words, options);
    let output = '';
    child.stdout?.on('data', (text) => {
      output += text;
    });
    child.stderr?.on('data', (text) => {
      output += text;
    });
    // A terminal sends Ctrl-C to the child too; a plain kill reaches only this process and is passed on.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', (error) => {
      process.stderr.write(`${program} could not be started: ${error.message}\n`);
      resolve(1);
    });
    child.on('close', (exit, signal) => {
      const code = exit ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15);
      if (code !== 0) process.stderr.write(output);
      resolve(code);
    });
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
