import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LabContract } from '../../src-preload/contract/lab-contract.ts';
import { labContract } from '../../src-preload/contract/lab-contract.ts';
import type { Answers } from '../../src-preload/contract/server.ts';
import { startWebServer, type WebServer } from './web-server.ts';

let folder: string;
let server: WebServer;
let origin: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'web-'));
  await writeFile(path.join(folder, 'index.html'), '<h1>Lab</h1>');
  server = await open(folder);
  origin = new URL(server.entrance).origin;
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function open(pages: string | Promise<string>): Promise<WebServer> {
  const about = () => ({ version: '1.2.3', dataFolder: '/data', beginnings: [] });
  const unused = Object.keys(labContract).map((name) => [name, () => null]);
  const answers = { ...Object.fromEntries(unused), about } as unknown as Answers<LabContract>;
  return startWebServer({ answers: async () => answers, pages });
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

function get(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { headers, method }, (response) => {
      let body = '';
      response.on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

async function enter(): Promise<string> {
  const { headers } = await get(server.entrance);
  return headers['set-cookie']![0]!.split(';')[0]!;
}

/** What the lab answers over a WebSocket, or how it refuses one. */
function ask(headers: Record<string, string>): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/lab`, { headers });
    socket.on('open', () =>
      socket.send(JSON.stringify({ kind: 'call', id: 1, endpoint: 'about', input: null })),
    );
    socket.on('message', (data) => {
      resolve(JSON.parse(String(data)));
      socket.close();
    });
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
    socket.on('error', () => {});
  });
}

describe('browser mode', () => {
  it('opens with the printed address, once, and keeps the session', async () => {
    const first = await get(server.entrance);
    expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(first.headers['set-cookie']![0]).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await get(server.entrance)).status).toBe(403);
    const cookie = first.headers['set-cookie']![0]!.split(';')[0]!;
    expect(await get(`${origin}/`, { cookie })).toMatchObject({ status: 200, body: '<h1>Lab</h1>' });
    expect((await get(server.entrance, { cookie })).status).toBe(303);
    expect(await ask({ cookie, origin })).toMatchObject({ kind: 'answer', output: { version: '1.2.3' } });
  });

  it('shows nothing without a session, and says what to do', async () => {
    for (const url of [
      `${origin}/`,
      `${origin}/index.html`,
      `${origin}/enter?token=guess`,
      `${origin}/enter`,
    ])
      expect(await get(url)).toMatchObject({ status: 403, body: expect.stringContaining('works once') });
    expect(await ask({ origin })).toBe(403);
    expect(await ask({ origin, cookie: 'lab-session=guess' })).toBe(403);
  });

  it('refuses other origins, other names for this address, and other methods', async () => {
    const cookie = await enter();
    const port = new URL(origin).port;
    expect((await get(`${origin}/`, { cookie, origin: 'http://evil.example' })).status).toBe(403);
    expect((await get(`${origin}/`, { cookie, host: `evil.example:${port}` })).status).toBe(403);
    expect((await get(`${origin}/`, { cookie }, 'POST')).status).toBe(403);
    expect(await ask({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await ask({ cookie })).toBe(403);
    expect(await ask({ cookie, origin, host: `evil.example:${port}` })).toBe(403);
  });

  it('gives files of the page only', async () => {
    const cookie = await enter();
    await writeFile(path.join(folder, 'notes.txt'), 'no');
    await symlink('/etc/hostname', path.join(folder, 'link'));
    for (const name of [
      'notes.txt',
      'link',
      '..%2f..%2fetc%2fhostname.html',
      '%2e%2e/secret.html',
      'none.html',
    ])
      expect((await get(`${origin}/${name}`, { cookie })).status).toBe(404);
  });

  it('is there before the page is built, and lets the browser wait for it', async () => {
    await server.close();
    const built = Promise.withResolvers<string>();
    server = await open(built.promise);
    origin = new URL(server.entrance).origin;
    const cookie = await enter();
    const page = get(`${origin}/`, { cookie });
    const connected = ask({ cookie, origin });
    expect(await Promise.race([page, connected])).toMatchObject({ kind: 'answer' });
    built.resolve(folder);
    expect(await page).toMatchObject({ status: 200, body: '<h1>Lab</h1>' });
  });

  it('lets pages load nothing from elsewhere', async () => {
    const { headers } = await get(`${origin}/`, { cookie: await enter() });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('http');
  });
});

it('says in a sentence that its port is taken', async () => {
  const { port } = new URL(origin);
  const second = startWebServer({ answers: () => new Promise(() => {}), pages: folder, port: Number(port) });
  await expect(second).rejects.toMatchObject({
    code: 'bad-argument',
    message: expect.stringContaining(`The port ${port} is used by another program`),
  });
});
