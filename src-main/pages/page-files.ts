/** The built page's files, for the window's app:// address and for browser mode: these and nothing else on the disk. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What the page may load; each surface adds what it needs beyond that. */
export const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * @param folder of the built page
 * @param pathname of an address, with its escapes; "/" is the page itself
 * @returns undefined where the page has no such file
 */
export async function readPageFile(
  folder: string,
  pathname: string,
): Promise<{ readonly type: string; readonly content: Buffer<ArrayBuffer> } | undefined> {
  const file = path.join(folder, path.normalize(pathname === '/' ? '/index.html' : decode(pathname)));
  const type = CONTENT_TYPES[path.extname(file)];
  if (type === undefined || !file.startsWith(folder + path.sep)) return undefined;
  const content = await readFile(file).catch(() => undefined);
  return content && { type, content };
}

/** Nonsense names no file. */
function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return '';
  }
}
