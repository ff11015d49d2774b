/**
 * The licence that a model's folder states: in the head of its README.md, as the Hugging Face Hub writes it, else by the
 * first line of its LICENSE file. The lab repeats it and judges nothing.
 */
import { open } from 'node:fs/promises';
import path from 'node:path';

/** The head of a README with its lists of data sets and languages is far below. */
const BYTES_READ = 64 * 1024;
const LONGEST = 120;
const LICENCE_FILES = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'LICENCE', 'COPYING'];

/** Null where nothing is stated. */
export async function readLicence(folder: string): Promise<string | null> {
  const stated = licenceInHead((await beginningOf(path.join(folder, 'README.md'))) ?? '');
  if (stated !== null) return stated;
  for (const name of LICENCE_FILES) {
    const text = await beginningOf(path.join(folder, name));
    const title = text?.split('\n').find((line) => line.trim() !== '');
    if (title !== undefined) return title.trim().slice(0, LONGEST);
  }
  return null;
}

/** `license` of the YAML head; where that says "other", the name beside it. */
function licenceInHead(readme: string): string | null {
  const head = /^\ufeff?---\r?\n(.*?)\r?\n---/s.exec(readme)?.[1] ?? '';
  const field = (name: string) =>
    new RegExp(`^${name}:[ \\t]*(?:\\r?\\n[ \\t]*-[ \\t]*)?["']?([^"'\\r\\n#]+)`, 'm')
      .exec(head)?.[1]
      ?.trim();
  const licence = field('license');
  const named = licence === 'other' ? (field('license_name') ?? licence) : licence;
  return named === undefined || named === '' ? null : named.slice(0, LONGEST);
}

async function beginningOf(file: string): Promise<string | undefined> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(BYTES_READ), position: 0 });
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
