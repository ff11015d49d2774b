/**
 * npm run licences: writes resources/licences.txt, the licences of all packages that the lab takes with it. A text that
 * several packages share is printed once, under all of their names.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const ROOT = path.dirname(import.meta.dirname);
export const LICENCES = path.join(ROOT, 'resources', 'licences.txt');

const dependenciesSchema = z.record(z.string(), z.string()).default({});
const entrySchema = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  dependencies: dependenciesSchema,
  optionalDependencies: dependenciesSchema,
});
const lockSchema = z.object({ packages: z.record(z.string(), entrySchema) });

export interface Package {
  /** Below the project, such as "node_modules/vue". */
  readonly folder: string;
  readonly title: string;
  readonly licence: string;
}

/** What the lab needs to run, what its page is made of, and all that these need; not what only helps to make the lab. */
export function packagesInside(): Package[] {
  const { packages } = lockSchema.parse(
    JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')),
  );
  const inside = new Set<string>();
  const add = (name: string, neededBy: string) => {
    const folder = folderOf(name, neededBy);
    if (folder === undefined || inside.has(folder)) return;
    inside.add(folder);
    addAll(folder);
  };
  const addAll = (folder: string) => {
    const { dependencies = {}, optionalDependencies = {} } = packages[folder] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) add(name, folder);
  };
  addAll('');
  for (const name of packagesOfPage()) add(name, '');
  return [...inside].sort().map((folder) => {
    const { version = '', license = 'see its text' } = packages[folder] ?? {};
    return { folder, title: `${nameIn(folder)} ${version}`, licence: license };
  });

  /** Where Node finds a package: the nearest node_modules above who needs it. */
  function folderOf(name: string, neededBy: string): string | undefined {
    const place = `${neededBy === '' ? '' : `${neededBy}/`}node_modules/${name}`;
    if (place in packages) return place;
    if (neededBy === '') return undefined;
    return folderOf(name, neededBy.slice(0, Math.max(0, neededBy.lastIndexOf('/node_modules/'))));
  }
}

function nameIn(folder: string): string {
  return folder.split('node_modules/').at(-1)!;
}

/** The page is built into one with these; they are named where it imports them. */
function packagesOfPage(): Set<string> {
  const page = path.join(ROOT, 'src-renderer');
  const sources = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(?:ts|vue)$/.test(name) && !name.endsWith('.test.ts'),
  );
  const imported = sources.flatMap((name) =>
    [...readFileSync(path.join(page, name), 'utf8').matchAll(/from '((?:@[\w-]+\/)?[\w-]+)/g)].map(
      ([, found]) => found!,
    ),
  );
  return new Set(imported);
}

function licenceText(folder: string): string {
  const place = path.join(ROOT, folder);
  const entries = existsSync(place) ? readdirSync(place, { withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name))
    .map(({ name }) => readFileSync(path.join(place, name), 'utf8').trim())
    .join('\n\n');
}

export function licencesInside(): string {
  const texts = new Map<string, Package[]>();
  for (const one of packagesInside()) {
    const text = licenceText(one.folder) || `Licence: ${one.licence}`;
    texts.set(text, [...(texts.get(text) ?? []), one]);
  }
  const parts = [...texts].map(([text, packages]) => {
    const names = packages.map(({ title, licence }) => `${title} (${licence})`);
    return `${[...new Set(names)].join('\n')}\n\n${text}`;
  });
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return `Hyperfit Lab is under the MIT licence. With it come the packages below; the desktop app has the licences of
Electron and Chromium beside its program.${line}${parts.join(line)}\n`;
}

if (import.meta.main) writeFileSync(LICENCES, licencesInside());
