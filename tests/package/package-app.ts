/**
 * Makes the app's package by electron-builder, all but Electron itself: in its place stands a folder with a file that has
 * the wire of fuses in it, so that their setting can be seen. Nothing is fetched.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../cli/run-lab.ts';

/** Comes before the fuses in Electron's binary; then a version, their number, and a digit for each. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** By their place on the wire. */
const FUSES = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;
/** Electron's own setting. */
const AS_DELIVERED = '10110001';

export interface PackagedApp {
  readonly archive: string;
  /** Where the archive and what lies beside it are. */
  readonly resources: string;
  readonly fuses: Readonly<Record<(typeof FUSES)[number], boolean>>;
}

/**
 * For Linux, from what is built in out/.
 *
 * @param folder an empty one
 */
export async function packageApp(folder: string): Promise<PackagedApp> {
  const electron = path.join(folder, 'electron');
  mkdirSync(electron);
  writeFileSync(
    path.join(electron, 'electron'),
    Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, FUSES.length]), Buffer.from(AS_DELIVERED)]),
  );
  const words = [
    ...['--config', 'electron-builder.yml', '--linux', '--dir'],
    ...[`-c.electronDist=${electron}`, `-c.directories.output=${path.join(folder, 'dist')}`],
  ];
  const builder = path.join(ROOT, 'node_modules/electron-builder/cli.js');
  await promisify(execFile)(process.execPath, [builder, ...words], { cwd: ROOT });
  const packaged = path.join(folder, 'dist', 'linux-unpacked');
  const resources = path.join(packaged, 'resources');
  return {
    archive: path.join(resources, 'app.asar'),
    resources,
    fuses: readFuses(path.join(packaged, 'hyperfit-lab')),
  };
}

function readFuses(binary: string): PackagedApp['fuses'] {
  const content = readFileSync(binary, 'latin1');
  const wire = content.slice(content.indexOf(SENTINEL) + SENTINEL.length + 2);
  return Object.fromEntries(FUSES.map((name, place) => [name, wire[place] === '1'])) as PackagedApp['fuses'];
}
