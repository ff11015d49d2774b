/**
 * node scripts/bootstrap.mjs FILE [arguments…]
 *
 * Runs a file of the project with the project's own Node 24, installing what the project needs first. It needs nothing
 * itself but Node 18 and npm. The hash of package-lock.json remembers what is installed, so that a second start touches
 * neither npm nor the network.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 24;
const LOCK_BEAT_MS = 1_000;
const LOCK_STALE_MS = 20_000;
const OFFLINE = /\b(ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED)\b/;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.hyperfit-install');
const lock = path.join(root, '.hyperfit-install.lock');
const isWindows = process.platform === 'win32';

/** The program that runs now, and the last signal that asked for an end. */
let child;
let askedToEnd;
// Programs share this process's terminal, which sends Ctrl-C to all of them: passing it on as well would make two of
// one, and the second means "at once". Without a terminal a signal reaches this process alone and is passed on.
const hasTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    askedToEnd = signal;
    if (signal === 'SIGTERM' || !hasTerminal) child?.kill(signal);
  });
}

const [file, ...words] = process.argv.slice(2);
if (file === undefined) fail('Say which file to run: node scripts/bootstrap.mjs FILE [arguments…]');
const lockHash = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex');
if (!isInstalled()) await install();
endIfAsked();
const { code } = await run(projectNode(), [path.resolve(root, file), ...words], {
  stdio: 'inherit',
  env: { ...process.env, GLIBC_TUNABLES: withLargePages(process.env.GLIBC_TUNABLES) },
});
process.exit(code);

/**
 * Asks Linux for large pages: training takes and gives back hundreds of megabytes at every step, and in pages of 4 KiB
 * handing them out is a tenth of its time. Other systems do not read the variable.
 */
function withLargePages(tunables) {
  return [tunables, 'glibc.malloc.hugetlb=1'].filter(Boolean).join(':');
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash;
}

async function install() {
  await takeLock();
  if (isInstalled()) return releaseLock();
  const npm = findNpm();
  process.stderr.write('Installing what the lab needs (only this once; it takes a minute or two) …\n');
  rmSync(stamp, { force: true });
  // The project's tools are among what it needs, whatever NODE_ENV says. On Windows, npm is a script for a shell.
  const { code, output } = await run(
    isWindows ? `"${npm}"` : npm,
    ['ci', '--include=dev', '--include=optional'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: isWindows,
    },
  );
  endIfAsked();
  if (code !== 0) {
    process.stderr.write(output);
    fail(
      OFFLINE.test(output)
        ? 'The packages could not be fetched: the npm registry cannot be reached. Only the first start needs the network: connect this computer once and start again.'
        : 'npm could not install the packages: what it said is above. Once that is put right, start again.',
    );
  }
  writeFileSync(stamp, lockHash);
  releaseLock();
}

function findNpm() {
  const name = isWindows ? 'npm.cmd' : 'npm';
  const found = (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((candidate) => existsSync(candidate));
  return (
    found ??
    fail(
      'There is no npm on the PATH. It comes with Node.js (https://nodejs.org): install that and start again.',
    )
  );
}

/**
 * Waits until this process alone may install. The holder touches its lock file every second and removes it at its
 * end; a lock that nobody touches any more was left by a killed process and is taken over. Two that take it over at
 * once: the later name stands, and both look after a pause.
 */
async function takeLock() {
  const name = `${os.hostname()} ${process.pid} ${Date.now()}`;
  for (let hasSaidSo = false; ; await sleep(LOCK_BEAT_MS / 4)) {
    endIfAsked();
    try {
      writeFileSync(lock, name, { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'EPERM')
        fail(`The packages cannot be installed: ${root} is not writable for you.`);
      if (error.code !== 'EEXIST') throw error;
    }
    const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (touched !== undefined && Date.now() - touched > LOCK_STALE_MS) {
      const claim = `${lock}.${process.pid}`;
      writeFileSync(claim, name);
      renameSync(claim, lock);
      await sleep(LOCK_BEAT_MS);
      if (readLock() === name) break;
    }
    if (!hasSaidSo)
      process.stderr.write('Another start is installing what the lab needs: waiting for it …\n');
    hasSaidSo = true;
  }
  setInterval(() => {
    const now = new Date();
    if (existsSync(lock)) utimesSync(lock, now, now);
  }, LOCK_BEAT_MS).unref();
  process.on('exit', () => {
    if (readLock() === name) releaseLock();
  });
}

function readLock() {
  return existsSync(lock) ? readFileSync(lock, 'utf8') : undefined;
}

function releaseLock() {
  rmSync(lock, { force: true });
}

/** The Node that came as a package, or this one if it is new enough. */
function projectNode() {
  const platform = isWindows ? 'win' : process.platform;
  const found = [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]
    .map((name) => path.join(modules, name, 'bin', isWindows ? 'node.exe' : 'node'))
    .find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) return process.execPath;
  return fail(
    `The lab runs on Node ${NODE_MAJOR}. For ${process.platform} on ${process.arch} it does not come with the packages, and yours is ${process.versions.node}: install Node ${NODE_MAJOR} (https://nodejs.org) and start again.`,
  );
}

/** Runs a program to its end; what it wrote, where that is not inherited, is in the answer. */
function run(program, words, options) {
  return new Promise((resolve) => {
    let output = '';
    child = spawn(program, words, options);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => fail(`${program} could not be started: ${error.message}`));
    child.on('close', (exit, signal) => {
      child = undefined;
      resolve({ code: exit ?? codeOf(signal), output });
    });
  });
}

/** The exit code of a process that a signal ended. */
function codeOf(signal) {
  return 128 + os.constants.signals[signal];
}

function endIfAsked() {
  if (askedToEnd !== undefined) process.exit(codeOf(askedToEnd));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
