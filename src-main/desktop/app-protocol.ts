/**
 * The page's own address, app://lab/, in place of file://: an origin of its own, files of the built page and nothing else,
 * and a content policy as a header (Electron's security check-list, items 7 and 18).
 */
import { protocol } from 'electron';
import { CONTENT_POLICY, readPageFile } from '../pages/page-files.ts';

const HOST = 'lab';
export const ORIGIN = `app://${HOST}`;

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
    const found = await readPageFile(pages, pathname);
    if (found === undefined) return new Response('There is no such page.', { status: 404 });
    return new Response(found.content, {
      headers: {
        'Content-Type': found.type,
        'Content-Security-Policy': CONTENT_POLICY,
        'X-Content-Type-Options': 'nosniff',
      },
    });
  });
}
