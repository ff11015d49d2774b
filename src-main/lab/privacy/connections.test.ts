import dgram from 'node:dgram';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isThisComputer, watchConnections } from './connections.ts';

/** An address that is kept for documentation: nothing ever answers there. */
const NOWHERE = '192.0.2.1';
let hosts: string[];
let stop: () => void;
beforeEach(() => {
  hosts = [];
  stop = watchConnections((host) => hosts.push(host));
});
afterEach(() => stop());

it.each<[string, () => unknown]>([
  [
    'net',
    () =>
      net
        .connect(443, NOWHERE)
        .on('error', () => {})
        .destroy(),
  ],
  ['a socket of its own', () => new net.Socket().connect({ port: 443, host: NOWHERE }).destroy()],
  [
    'tls',
    () =>
      tls
        .connect({ port: 443, host: NOWHERE })
        .on('error', () => {})
        .destroy(),
  ],
  [
    'http',
    () =>
      http
        .get(`http://${NOWHERE}:443/`)
        .on('error', () => {})
        .destroy(),
  ],
  ['fetch', () => fetch(`http://${NOWHERE}:443/`, { signal: AbortSignal.timeout(100) }).catch(() => {})],
  [
    'a datagram',
    () =>
      void dgram
        .createSocket('udp4')
        .unref()
        .send('x', 443, NOWHERE, () => {}),
  ],
])('counts an attempt to leave this computer by %s', async (_, attempt) => {
  await attempt();
  await expect.poll(() => hosts).toEqual([NOWHERE]);
});

it('counts nothing that stays on this computer', async () => {
  const server = http.createServer((_, response) => void response.end('here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('here');
  expect(await (await fetch(`http://localhost:${port}/`)).text()).toBe('here');
  server.closeAllConnections();
  server.close();
  expect(hosts).toEqual([]);
});

it('counts no more once nobody listens', () => {
  stop();
  net
    .connect(443, NOWHERE)
    .on('error', () => {})
    .destroy();
  expect(hosts).toEqual([]);
});

it('knows the names of this computer, and takes no other for it', () => {
  for (const name of ['localhost', 'LAB.localhost', '127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])
    expect(isThisComputer(name)).toBe(true);
  for (const name of ['127.evil.example', 'localhost.example', '10.0.0.1', '::2', '::ffff:10.0.0.1'])
    expect(isThisComputer(name)).toBe(false);
});
