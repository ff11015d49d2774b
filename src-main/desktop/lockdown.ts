/**
 * What a page in a window of the lab can never do: leave its address, open windows, be given permissions, embed other pages,
 * or reach the network (Electron's security check-list, items 5, 11, 12, 13 and 14).
 */
import { app, session } from 'electron';
import { ORIGIN } from './app-protocol.ts';

/** The last two never leave the page: pictures and files that it has made itself. */
const OWN_SCHEMES = ['app:', 'devtools:', 'blob:', 'data:'];
/** To put text into the clipboard when a button is pressed; never to read what is in it. */
const ALLOWED = 'clipboard-sanitized-write';

/** Once the app is ready, before any window. */
export function lockDown(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === ALLOWED),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => permission === ALLOWED);
  session.defaultSession.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: !OWN_SCHEMES.includes(new URL(url).protocol) }),
  );
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-navigate', (event) => {
      if (!event.url.startsWith(`${ORIGIN}/`)) event.preventDefault();
    });
  });
}
