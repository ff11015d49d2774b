/**
 * The session of all pages. The DevTools protocol shows no page's wish for a permission, so the app's handler is asked for
 * every permission as soon as a document is there, and Chromium is told the answers.
 */
import type { Protocol } from 'devtools-protocol';
import { fromChromium } from './addresses.ts';
import { protocol, webRequest } from './network.ts';
import { strictly } from './represented.ts';
import { happenings, send } from './runtime.ts';
import { record } from './test-line.ts';
import type { WebContents } from './web-contents.ts';

type RequestHandler = (
  contents: WebContents,
  permission: string,
  answer: (isGranted: boolean) => void,
  details: object,
) => void;

/** Electron's names, and Chromium's for the same. */
const PERMISSIONS: readonly (readonly [string, Protocol.Browser.PermissionDescriptor['name']])[] = [
  ['notifications', 'notifications'],
  ['geolocation', 'geolocation'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['midi', 'midi'],
  ['clipboard-read', 'clipboard-read'],
  ['window-management', 'window-management'],
  ['clipboard-sanitized-write', 'clipboard-write'],
];

let requestHandler: RequestHandler | null = null;

const defaultSession = strictly('session.defaultSession', {
  protocol,
  webRequest,
  setPermissionRequestHandler(handler: RequestHandler | null) {
    requestHandler = handler;
  },
  setPermissionCheckHandler(handler: unknown) {
    record('session.setPermissionCheckHandler', handler !== null);
  },
});
export const session = strictly('session', { defaultSession });

happenings.on('document-loaded', (contents: WebContents, address: string) => {
  const handler = requestHandler;
  if (!handler || !/^https?:/.test(address)) return;
  const details = { requestingUrl: fromChromium(address), isMainFrame: true };
  for (const [permission, name] of PERMISSIONS) {
    const answer = (isGranted: boolean) =>
      send('Browser.setPermission', {
        permission: { name },
        setting: isGranted ? 'granted' : 'denied',
        origin: new URL(address).origin,
      }).catch((error) => record('permission-error', String(error)));
    handler(contents, permission, answer, details);
  }
});
