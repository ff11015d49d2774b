/** What must be built from the sources is built when they have changed: a file with their hash lies beside it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '../..');

/**
 * @param target folder of what is built
 * @param sources folders and files that it is built from, below the project
 */
export async function buildIfChanged(
  target: string,
  sources: readonly string[],
  build: () => Promise<void>,
): Promise<void> {
  const stamp = path.join(target, '.sources');
  const hash = hashOf(sources);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  await build();
  writeFileSync(stamp, hash);
}

function hashOf(sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesOf)) hash.update(file).update(readFileSync(path.join(ROOT, file)));
  return hash.digest('hex');
}

/** By their paths below the project. */
function filesOf(source: string): string[] {
  if (statSync(path.join(ROOT, source)).isFile()) return [source];
  const entries = readdirSync(path.join(ROOT, source), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .sort();
}
