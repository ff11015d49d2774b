/** Browser mode: the page's files over HTTP and the contract over a WebSocket, on 127.0.0.1 alone. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { LARGEST_IMPORT } from '../../src-preload/contract/endpoints/comparison.ts';
import { type LabContract, labContract } from '../../src-preload/contract/lab-contract.ts';
import { type Answers, serve } from '../../src-preload/contract/server.ts';
import { LabError } from '../engine/errors.ts';
import { CONTENT_POLICY, readPageFile } from '../pages/page-files.ts';
import { Access } from './access.ts';
import { socketTransport } from './socket-transport.ts';

export interface WebServer {
  /** The address to open: it works once, and opens a session for the browser. */
  readonly entrance: string;
  /** Ends all connections; pages open new ones by themselves, and are then answered by who answers then. */
  disconnect(): void;
  close(): Promise<void>;
}

export interface WebServerOptions {
  /** Asked for each page that connects, which waits until they are there. */
  readonly answers: () => Promise<Answers<LabContract>>;
  /** The folder of the built page. Requests for the page wait until it is built. */
  readonly pages: string | Promise<string>;
  /** 0: any that is free. */
  readonly port?: number;
  readonly onUnexpected?: (error: unknown, endpoint: string) => void;
}

const HEADERS = {
  'Content-Security-Policy': `${CONTENT_POLICY}; connect-src 'self'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};
/** What a page sends is small, but for a comparison that is read from a file: UTF-8 takes up to three bytes a character. */
const LARGEST_MESSAGE = 3 * LARGEST_IMPORT + 1024 * 1024;

export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { answers, pages, port = 0, onUnexpected } = options;
  const access = new Access();
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      response.destroy();
      onUnexpected?.(error, request.url ?? '/');
    });
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });
  server.on('upgrade', (request, socket, head) => {
    const allowed =
      request.url === '/lab' &&
      access.isAddressedHere(request) &&
      access.isFromHere(request, true) &&
      access.hasSession(request);
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    answers().then(
      (ready) =>
        sockets.handleUpgrade(request, socket, head, (webSocket) =>
          serve(labContract, ready, socketTransport(webSocket), { ...(onUnexpected && { onUnexpected }) }),
        ),
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portError(port, cause)));
    server.listen(port, '127.0.0.1', resolve);
  });
  access.listensOn((server.address() as AddressInfo).port);
  const disconnect = () => {
    for (const client of sockets.clients) client.terminate();
  };
  return {
    entrance: access.entrance,
    disconnect,
    close: () =>
      new Promise((resolve) => {
        disconnect();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://lab');
    if (request.method !== 'GET' || !access.isAddressedHere(request) || !access.isFromHere(request, false))
      return refuse(response);
    if (pathname === '/enter') {
      const cookie = access.enter(searchParams.get('token'));
      if (cookie === undefined && !access.hasSession(request)) return refuse(response);
      response.writeHead(303, { ...HEADERS, ...(cookie && { 'Set-Cookie': cookie }), Location: '/' }).end();
      return;
    }
    if (!access.hasSession(request)) return refuse(response);
    const found = await readPageFile(await pages, pathname);
    if (found === undefined) response.writeHead(404, HEADERS).end('There is no such page.');
    else response.writeHead(200, { ...HEADERS, 'Content-Type': found.type }).end(found.content);
  }
}

function portError(port: number, cause: Error): Error {
  const { code } = cause as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    EADDRINUSE: 'is used by another program',
    EACCES: 'is kept by this system for others',
  };
  const reason = code && reasons[code];
  if (!reason) return cause;
  return new LabError(
    'bad-argument',
    `The port ${port} ${reason}. Choose another, or leave --port out for any that is free.`,
    { port },
    { cause },
  );
}

function refuse(response: ServerResponse): void {
  response
    .writeHead(403, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' })
    .end(
      'The lab does not know this browser. Open the address that it printed when it started; it works once.\n',
    );
}
