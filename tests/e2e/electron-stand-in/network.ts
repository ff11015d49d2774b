/**
 * protocol.handle and webRequest: every request of every page stops at Chromium's Fetch stage, where the app's handlers
 * decide about it. Whatever goes wrong there must fail the request, or the page would wait for ever.
 */
import type { Protocol } from 'devtools-protocol';
import { fromChromium, schemes } from './addresses.ts';
import { strictly } from './represented.ts';
import { isStarted, running, send } from './runtime.ts';
import { record } from './test-line.ts';
import { contentsOfFrame } from './web-contents.ts';

type Paused = Protocol.Fetch.requestPausedPayload;
type Handler = (request: Request) => Response | Promise<Response>;
type BeforeRequest =
  | ((
      details: Electron.OnBeforeRequestListenerDetails,
      answer: (response: Electron.CallbackResponse) => void,
    ) => void)
  | null;

const handlers = new Map<string, Handler>();
let beforeRequest: BeforeRequest = null;

/** Once Chromium runs, before the first window. */
export async function interceptRequests(): Promise<void> {
  running().on('Fetch.requestPaused', (paused) => {
    decide(paused).catch((error) => {
      record('request-failed', { url: fromChromium(paused.request.url), error: String(error) });
      return fail(paused, 'Failed').catch(() => {});
    });
  });
  await send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
}

async function decide(paused: Paused): Promise<void> {
  const { requestId, request, frameId, resourceType } = paused;
  const url = fromChromium(request.url);
  // Chromium's own window asks for it, Electron's does not.
  if (resourceType === 'Other' && request.url.endsWith('.invalid/favicon.ico')) return fail(paused, 'Failed');
  const contents = contentsOfFrame(frameId);
  if (resourceType === 'Document' && contents && !contents.mayNavigate(request.url))
    return fail(paused, 'Aborted');
  const isCancelled = await askBeforeRequest(paused, url);
  record('request', { url, isCancelled });
  if (isCancelled) return fail(paused, 'BlockedByClient');
  if (url === request.url) {
    await send('Fetch.continueRequest', { requestId });
    return;
  }
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  if (!handler) return fail(paused, 'Failed');
  const { method, headers } = request;
  const response = await handler(new Request(url, { method, headers }));
  await send('Fetch.fulfillRequest', {
    requestId,
    responseCode: response.status,
    responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
    body: Buffer.from(await response.arrayBuffer()).toString('base64'),
  });
}

function askBeforeRequest({ request, resourceType }: Paused, url: string): Promise<boolean> {
  return new Promise((resolve) => {
    if (!beforeRequest) return resolve(false);
    const details = {
      id: 0,
      url,
      method: request.method,
      resourceType: resourceType === 'Document' ? ('mainFrame' as const) : ('other' as const),
      referrer: '',
      timestamp: Date.now(),
      uploadData: [],
    };
    beforeRequest(details, ({ cancel = false, redirectURL }) => {
      if (redirectURL) throw new Error('The Electron stand-in does not represent redirected requests.');
      resolve(cancel);
    });
  });
}

async function fail({ requestId }: Paused, errorReason: Protocol.Network.ErrorReason): Promise<void> {
  await send('Fetch.failRequest', { requestId, errorReason });
}

export const protocol = strictly('protocol', {
  registerSchemesAsPrivileged(list: Electron.CustomScheme[]) {
    if (isStarted())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const { scheme, privileges } of list) {
      if (!privileges?.standard || !privileges.secure)
        throw new Error(`The Electron stand-in represents only schemes that are standard and secure.`);
      schemes.add(scheme);
    }
  },
  handle(scheme: string, handler: Handler) {
    if (!schemes.has(scheme)) throw new Error(`The scheme ${scheme} has not been registered as privileged.`);
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    handlers.set(scheme, handler);
  },
});

export const webRequest = strictly('webRequest', {
  onBeforeRequest(...given: [BeforeRequest] | [Electron.WebRequestFilter, BeforeRequest]) {
    if (given.length > 1)
      throw new Error('The Electron stand-in does not represent requests filtered by address.');
    [beforeRequest] = given as [BeforeRequest];
  },
});
