/** For tests: a made-up wheel, and a package index on this computer that gives it as well or badly as the test says. */
import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, deflateRawSync } from 'node:zlib';
import type { Wheel } from './offers.ts';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;

/** A zip (PKWARE's APPNOTE 6.3) of these files. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text);
    const packed = deflateRawSync(data);
    // What both headers have: flags, method, time, sizes, lengths of name and extra field.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(DEFLATED, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([word(LOCAL_HEADER), common, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([word(CENTRAL_HEADER), Buffer.of(20, 3), common, place, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(centrals.length, 4);
  end.writeUInt16LE(centrals.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, word(END), end]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function wheelOf(bytes: Buffer, file = 'made_up-1.0-py3-none-any.whl'): Wheel {
  return {
    ...{ project: 'made-up', file, bytes: bytes.length },
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

export class FakeIndex {
  /** What the wheel's address gives. */
  content: Buffer;
  /** After so many bytes of each answer the connection is cut. */
  cutAfter = Number.POSITIVE_INFINITY;
  /** Answers after that are as bad as `status` says. */
  statusAfterCut: number | undefined;
  knowsRanges = true;
  answersInJson = true;
  /** Of every answer, instead of the real one. */
  status: number | undefined;
  /** First bytes that were asked for, one for each request of the wheel. */
  readonly asked: number[] = [];
  readonly #server = http.createServer((request, response) => this.#answer(request, response));
  readonly #wheel: Wheel;

  private constructor(content: Buffer) {
    this.content = content;
    this.#wheel = wheelOf(content);
  }

  static async start(content: Buffer): Promise<FakeIndex> {
    const index = new FakeIndex(content);
    await new Promise<void>((resolve) => index.#server.listen(0, '127.0.0.1', resolve));
    return index;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/simple/`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #answer({ url, headers }: http.IncomingMessage, response: http.ServerResponse): void {
    if (this.status !== undefined) return void response.writeHead(this.status).end();
    const { file, project } = this.#wheel;
    if (url === `/simple/${project}/`) {
      const link = `../../files/${file}`;
      if (this.answersInJson)
        response
          .writeHead(200, { 'content-type': 'application/vnd.pypi.simple.v1+json' })
          .end(JSON.stringify({ files: [{ filename: file, url: link }] }));
      else
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(`<a href="${link}.metadata">x</a> <a class="a" href="${link}#sha256=0">${file}</a>`);
    } else if (url === `/files/${file}`) this.#give(headers.range, response);
    else response.writeHead(404).end();
  }

  #give(range: string | undefined, response: http.ServerResponse): void {
    const wanted = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    this.asked.push(wanted);
    const from = this.knowsRanges ? wanted : 0;
    const rest = this.content.subarray(from);
    if (from > 0 && rest.length === 0) return void response.writeHead(416).end();
    const { length } = this.content;
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${length - 1}/${length}` } : {}),
    });
    if (rest.length <= this.cutAfter) return void response.end(rest);
    this.status = this.statusAfterCut;
    // What has not arrived when a connection is cut is lost.
    response.write(rest.subarray(0, this.cutAfter), () => setTimeout(() => response.destroy(), 50));
  }
}
