/**
 * The page's own address, app://lab/, in place of file://: an origin of its own, files of the built page and nothing else,
 * and a content policy as a header (Electron's security check-list, items 7 and 18).
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol } from 'electron';

const HOST = 'lab';
export const ORIGIN = `app://${HOST}`;

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Before the app is ready. */
export function declareProtocol(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** @param pages folder of the built page */
export function servePages(pages: string): void {
  protocol.handle('app', async ({ url, method }) => {
    const { host, pathname } = new URL(url);
    if (host !== HOST || method !== 'GET') return new Response('No.', { status: 403 });
    const file = path.join(pages, path.normalize(pathname === '/' ? '/index.html' : pathname));
    const type = TYPES[path.extname(file)];
    const content =
      type !== undefined && file.startsWith(pages + path.sep)
        ? await readFile(file).catch(() => undefined)
        : undefined;
    if (content === undefined) return new Response('There is no such page.', { status: 404 });
    return new Response(new Uint8Array(content), {
      headers: {
        'Content-Type': type!,
        'Content-Security-Policy': POLICY,
        'X-Content-Type-Options': 'nosniff',
      },
    });
  });
}
