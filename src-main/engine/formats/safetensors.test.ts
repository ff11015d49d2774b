import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSafetensors, writeSafetensors } from './safetensors.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file with this header and so many bytes of data. */
async function file(header: string | object, dataBytes = 8, lengthClaimed?: bigint): Promise<string> {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(lengthClaimed ?? BigInt(text.length));
  const target = path.join(folder, 'model.safetensors');
  await writeFile(target, Buffer.concat([length, text, Buffer.alloc(dataBytes)]));
  return target;
}

const tensor = (start: number, end: number, shape = [(end - start) / 4], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [start, end],
});

/** IEEE 754 binary16, by its definition. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

describe('reading safetensors', () => {
  it.each<[string, () => Promise<string>, string]>([
    [
      'a file of seven bytes',
      () => writeFile(path.join(folder, 'x'), 'seven b').then(() => path.join(folder, 'x')),
      'less than eight bytes',
    ],
    [
      'a header larger than the format allows',
      () => file('{}', 0, 100_000_001n),
      'more than the format allows',
    ],
    ['a header that ends after the file', () => file('{}', 0, 50n), 'it ends within its header'],
    ['a header that does not begin with a brace', () => file(' {}'), 'does not begin with "{"'],
    ['a header that is not JSON', () => file('{"a": nothing}'), 'not valid JSON'],
    [
      'a header that is not UTF-8',
      () =>
        file(Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'), 0, 3n).then(async (target) => {
          await writeFile(target, Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0x7d]));
          return target;
        }),
      'not UTF-8',
    ],
    [
      'a tensor that is listed twice',
      () =>
        file(
          '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a" :{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
        ),
      'has the key "a" twice',
    ],
    [
      'a tensor that is listed twice, spelled differently',
      () =>
        file(
          '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
        ),
      'has the key "a" twice',
    ],
    [
      'a tensor with two shapes',
      () => file('{"a":{"dtype":"F32","shape":[1],"shape":[2],"data_offsets":[0,8]}}'),
      'has the key "shape" twice',
    ],
    [
      'an unknown type',
      () => file({ a: tensor(0, 8, [2], 'F31') }),
      'the tensor "a" has the unknown type "F31"',
    ],
    ['a negative size', () => file({ a: tensor(0, 8, [-2]) }), 'described wrongly'],
    ['a size that is no whole number', () => file({ a: tensor(0, 8, [1.5]) }), 'described wrongly'],
    ['too many axes', () => file({ a: tensor(0, 8, new Array(20).fill(1)) }), 'described wrongly'],
    [
      'offsets that run backwards',
      () => file({ a: { dtype: 'F32', shape: [2], data_offsets: [8, 0] } }),
      'the tensor "a" ends before it begins',
    ],
    [
      'a shape that does not fit the bytes',
      () => file({ a: tensor(0, 8, [3]) }),
      'of type F32 and shape [3] needs 12 bytes, not 8',
    ],
    ['tensors that overlap', () => file({ a: tensor(0, 8), b: tensor(4, 8) }), 'overlaps another'],
    [
      'a hole between tensors',
      () => file({ a: tensor(0, 4), b: tensor(8, 12) }, 12),
      'there is a hole before the tensor "b"',
    ],
    ['a file that was cut short', () => file({ a: tensor(0, 16) }), 'cut short: 8 bytes are missing'],
    [
      'bytes that belong to no tensor',
      () => file({ a: tensor(0, 4) }),
      '4 bytes at its end belong to no tensor',
    ],
    [
      'metadata that are not texts',
      () => file({ __metadata__: { a: 1 }, b: tensor(0, 8) }),
      'its metadata are not texts',
    ],
  ])('refuses %s', async (_, make, reason) => {
    await expect(make().then(openSafetensors)).rejects.toMatchObject({
      code: 'bad-safetensors',
      message: expect.stringContaining(reason),
    });
  });

  it('does not take a brace, a colon or a quote within a name for structure', async () => {
    const name = 'a":{"b';
    const opened = await openSafetensors(
      await file({ __metadata__: { note: '{"a": 1, "a": 2}' }, [name]: tensor(0, 8) }),
    );
    expect([...opened.tensors.keys()]).toEqual([name]);
    await opened.close();
  });

  it('reads a tensor without numbers, and a number without axes', async () => {
    const opened = await openSafetensors(
      await file({ empty: tensor(0, 0, [0, 3]), scalar: tensor(0, 4, []) }, 4),
    );
    expect([...(await opened.readFloat32('empty'))]).toEqual([]);
    expect([...(await opened.readFloat32('scalar'))]).toEqual([0]);
    await opened.close();
  });

  it('widens every float16 and bfloat16 exactly', async () => {
    const header = {
      half: tensor(0, 131072, [65536], 'F16'),
      brain: tensor(131072, 262144, [65536], 'BF16'),
    };
    const target = await file(header, 262144);
    const bytes = await readFile(target);
    const start = bytes.length - 262144;
    for (let bits = 0; bits < 65536; bits++) {
      bytes.writeUInt16LE(bits, start + 2 * bits);
      bytes.writeUInt16LE(bits, start + 131072 + 2 * bits);
    }
    await writeFile(target, bytes);
    const opened = await openSafetensors(target);
    const [half, brain] = [await opened.readFloat32('half'), await opened.readFloat32('brain')];
    await opened.close();
    const upper = new DataView(new ArrayBuffer(4));
    for (let bits = 0; bits < 65536; bits++) {
      upper.setUint16(0, bits);
      if (!Object.is(brain[bits], upper.getFloat32(0))) expect(brain[bits]).toBe(upper.getFloat32(0));
      if (!Object.is(half[bits], float16(bits))) expect(half[bits]).toBe(float16(bits));
    }
  });

  it('reads into an array that is there, if it has the right size', async () => {
    const opened = await openSafetensors(await file({ a: tensor(0, 8) }));
    const into = Float32Array.of(1, 2);
    expect(await opened.readFloat32('a', into)).toBe(into);
    expect([...into]).toEqual([0, 0]);
    await expect(opened.readFloat32('a', new Float32Array(3))).rejects.toThrow('has 2 numbers, not 3');
    await opened.close();
  });

  it.each(['F32', 'F16', 'BF16'] as const)(
    'gives rows of a matrix of %s, near ones and far ones',
    async (type) => {
      const target = path.join(folder, 'rows.safetensors');
      const [height, width] = [5000, 40];
      const data = Float32Array.from({ length: height * width }, (_, index) => (index % 251) / 2);
      await writeSafetensors(target, [
        { name: 'before', shape: [3], data: new Float32Array(3), type },
        { name: 'matrix', shape: [height, width], data, type },
      ]);
      const opened = await openSafetensors(target);
      const rows = [0, 1, 2, 7, 900, 901, 3000, 4999];
      const into = new Float32Array((rows.length + 1) * width).fill(-1);
      await opened.readRows('matrix', rows, into);
      for (const [place, row] of rows.entries())
        expect(into.slice(place * width, (place + 1) * width)).toEqual(
          data.slice(row * width, (row + 1) * width),
        );
      expect(into.slice(-width).every((number) => number === -1)).toBe(true);
      await expect(opened.readRows('nowhere', rows, into)).rejects.toMatchObject({ code: 'missing-tensor' });
      await opened.close();
    },
  );

  it('tells that a file is not there, or is a folder', async () => {
    await expect(openSafetensors(path.join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'file-not-found',
    });
    await expect(openSafetensors(folder)).rejects.toMatchObject({ code: 'bad-safetensors' });
  });

  it('lists integer tensors but does not read them as weights', async () => {
    const opened = await openSafetensors(await file({ ids: tensor(0, 8, [1], 'I64') }));
    expect(opened.tensors.get('ids')).toMatchObject({ type: 'I64', shape: [1] });
    await expect(opened.readFloat32('ids')).rejects.toThrow('The tensor "ids" is stored as I64');
    await opened.close();
  });

  it('names a tensor that is not there', async () => {
    const opened = await openSafetensors(await file({ a: tensor(0, 8) }));
    await expect(opened.readFloat32('b')).rejects.toMatchObject({ code: 'missing-tensor' });
    await opened.close();
  });
});

describe('writing safetensors', () => {
  const data = Float32Array.of(0, 1, -1.5, Math.PI, 65504, 6.1e-5, -1e-4, 0.1);
  it.each([
    ['F32', 0],
    ['F16', 2 ** -11],
    ['BF16', 2 ** -9],
  ] as const)('as %s gives the numbers back to its precision', async (type, precision) => {
    const target = path.join(folder, 'written.safetensors');
    await writeSafetensors(target, [
      { name: 'odd', shape: [1], data: Float32Array.of(7), type },
      { name: 'numbers', shape: [2, 4], data, type },
    ]);
    const opened = await openSafetensors(target);
    const numbers = await opened.readFloat32('numbers');
    for (const [place, number] of data.entries()) {
      expect(Math.abs(numbers[place]! - number)).toBeLessThanOrEqual(Math.abs(number) * precision);
    }
    expect([...(await opened.readFloat32('odd'))]).toEqual([7]);
    expect(opened.metadata).toEqual({ format: 'pt' });
    await opened.close();
  });

  it('rounds to bfloat16 with ties to even, and keeps what is not finite', async () => {
    const target = path.join(folder, 'rounded.safetensors');
    const numbers = Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, Number.NaN, Number.NEGATIVE_INFINITY, -0);
    await writeSafetensors(target, [{ name: 'a', shape: [5], data: numbers, type: 'BF16' }]);
    const opened = await openSafetensors(target);
    expect([...(await opened.readFloat32('a'))]).toEqual([
      1,
      1 + 2 ** -6,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      -0,
    ]);
    await opened.close();
  });

  it('asks for the numbers of a tensor when its turn comes', async () => {
    const target = path.join(folder, 'in-turn.safetensors');
    const asked: string[] = [];
    const tensor = (name: string, ...numbers: readonly number[]) => ({
      ...{ name, shape: [2] },
      data: async () => {
        asked.push(name);
        return Float32Array.from(numbers);
      },
    });
    await writeSafetensors(target, [tensor('a', 1, 2), tensor('b', 3, 4)]);
    expect(asked).toEqual(['a', 'b']);
    const opened = await openSafetensors(target);
    expect([...(await opened.readFloat32('b'))]).toEqual([3, 4]);
    await opened.close();
    await expect(writeSafetensors(target, [tensor('a', 1, 2, 3)])).rejects.toThrow('from 3 numbers');
    // A file that could not be written whole leaves the one before.
    const before = await openSafetensors(target);
    expect([...before.tensors.keys()]).toEqual(['a', 'b']);
    await before.close();
  });

  it('refuses a shape that does not fit, and a name that comes twice', async () => {
    const target = path.join(folder, 'refused.safetensors');
    const tensor = { name: 'a', shape: [1], data: Float32Array.of(1) };
    await expect(writeSafetensors(target, [{ ...tensor, shape: [2] }])).rejects.toThrow('from 1 numbers');
    await expect(writeSafetensors(target, [tensor, tensor])).rejects.toThrow('cannot be written twice');
  });

  // On Linux /dev/full is a disk that is always full.
  it.skipIf(process.platform !== 'linux')('tells that the disk is full', async () => {
    const target = path.join(folder, 'full.safetensors');
    await symlink('/dev/full', `${target}.tmp`);
    await expect(writeSafetensors(target, [])).rejects.toMatchObject({ code: 'disk-full' });
    expect((await readdir(folder)).filter((name) => name.startsWith('full'))).toEqual([]);
  });

  it('leaves nothing half written where it may not write', async () => {
    await expect(writeSafetensors(path.join(folder, 'no-such-folder', 'a'), [])).rejects.toThrow();
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('pads the header to eight bytes', async () => {
    const target = path.join(folder, 'padded.safetensors');
    await writeSafetensors(target, [{ name: 'a', shape: [1], data: Float32Array.of(1) }]);
    expect((await readFile(target)).readBigUInt64LE() % 8n).toBe(0n);
  });
});
