import { describe, expect, it } from 'vitest';
import type { Facts, RuntimeFacts } from './facts.ts';
import { findingsOf } from './findings.ts';
import { memoryLimit } from './machine.ts';

const cpu: RuntimeFacts = { runtime: 'cpu', isThere: true, problem: null, gflops: 100 };
const tensorflow: RuntimeFacts = { runtime: 'tensorflow', isThere: true, problem: null, gflops: 170 };
const well: Facts = {
  versions: { lab: '1', node: '24', electron: null },
  machine: {
    ...{ system: 'Linux', processor: 'Some', cores: 4, threads: 4, instructions: ['AVX', 'AVX2'] },
    ...{ memoryBytes: 64e9, memoryLimitBytes: null, graphics: [] },
  },
  freeMemoryBytes: 32e9,
  busyShare: 0.1,
  runtimes: [cpu],
  tensorflow: { isOffered: true, inUse: 'cpu', downloadBytes: 2e8, problem: null },
  disk: {
    ...{ dataFolder: '/data', freeBytes: 1e12, problem: null },
    speed: { writtenBytesPerSecond: 1e9, readBytesPerSecond: 2e9, isPastMemory: true },
  },
  use: { runtime: 'cpu', threads: 4, why: 'fastest', whyThreads: 'all' },
};
const words = (changes: Partial<Facts>) =>
  findingsOf({ ...well, ...changes }).map(({ kind, words: said }) => `${kind}: ${said}`);

describe('what a computer lacks', () => {
  it('is nothing where all is well', () => {
    expect(words({})).toEqual([]);
  });

  it('is told with what to do: memory, and a limit on it', () => {
    expect(words({ freeMemoryBytes: 8e8 })).toEqual([
      expect.stringMatching(/^problem: Only 800.MB of memory.*Close/),
    ]);
    expect(words({ machine: { ...well.machine, memoryLimitBytes: 8e9 } })).toEqual([
      expect.stringMatching(/^hint: This computer has 64.0.GB .* only 8.0.GB/),
    ]);
    expect([
      memoryLimit(0, 10),
      memoryLimit(undefined, 10),
      memoryLimit(1e19, 10),
      memoryLimit(4, 10),
    ]).toEqual([...[null, null, null, 4]]);
  });

  it('is told with what to do: room and speed of the disk', () => {
    const disk = (changes: Partial<Facts['disk']>) => words({ disk: { ...well.disk, ...changes } });
    expect(disk({ freeBytes: 1e9 })).toEqual([
      expect.stringMatching(/^problem: Only 1.0.GB are free on the disk of .data/),
    ]);
    const speed = { writtenBytesPerSecond: 1e7, readBytesPerSecond: 1e9, isPastMemory: true };
    expect(disk({ speed })).toEqual([expect.stringMatching(/^problem: .* only 10.MB a second/)]);
    expect(disk({ speed: null, problem: 'It may not be written.' })).toEqual([
      'problem: It may not be written.',
    ]);
  });

  it('is told of the processor', () => {
    const machine = (changes: Partial<Facts['machine']>) => ({ machine: { ...well.machine, ...changes } });
    expect(words(machine({ instructions: ['AVX'] }))).toEqual([expect.stringContaining('AVX2')]);
    expect(words({ busyShare: 0.8 })).toEqual([expect.stringMatching(/^hint: Other programs kept 80 %/)]);
    expect(words({ busyShare: 0.8, runtimes: [{ ...cpu, gflops: null }] })).toEqual([]);
    const shared = machine({ cores: 2 });
    expect(words(shared)).toEqual([]);
    expect(words({ ...shared, use: { ...well.use, why: 'unmeasured' } })).toEqual([
      expect.stringContaining('tries 4 threads and 2'),
    ]);
  });
});

describe('what would be faster', () => {
  it('is another runtime, where it was measured so', () => {
    expect(words({ runtimes: [cpu, tensorflow] })).toEqual([
      expect.stringMatching(
        /^hint: TensorFlow multiplies 1.7 times as fast as onnxruntime.*--runtime tensorflow/,
      ),
    ]);
    expect(words({ runtimes: [cpu, tensorflow], busyShare: 0.9 })).toEqual([
      expect.stringContaining('Other programs'),
      expect.stringContaining('seems to multiply 1.7 times'),
    ]);
    expect(words({ runtimes: [cpu, { ...tensorflow, gflops: 105 }] })).toEqual([]);
    expect(words({ runtimes: [cpu, { ...tensorflow, gflops: null }] })).toEqual([]);
  });

  it('is rounding, where the processor knows it, TensorFlow is there and it is not set yet', () => {
    const machine = { ...well.machine, instructions: ['AVX', 'AVX2', 'AVX-512', 'AVX-512 BF16'] };
    expect(words({ machine })).toEqual([expect.stringMatching(/^hint: .*AVX-512 BF16.*--products bfloat16/)]);
    expect(words({ machine, use: { ...well.use, products: 'bfloat16' } })).toEqual([]);
    expect(words({ machine, tensorflow: { ...well.tensorflow, inUse: null, isOffered: false } })).toEqual([]);
  });

  it('is TensorFlow where it is not installed and could be, and a problem where it is broken', () => {
    expect(words({ tensorflow: { ...well.tensorflow, inUse: null } })).toEqual([
      expect.stringMatching(/^hint: .*npm run tensorflow:install \(200.MB\)/),
    ]);
    expect(words({ tensorflow: { ...well.tensorflow, inUse: null, isOffered: false } })).toEqual([]);
    expect(words({ tensorflow: { ...well.tensorflow, problem: 'It is not whole.' } })).toEqual([
      'problem: It is not whole.',
    ]);
  });

  it('is said of a runtime that is set and not there', () => {
    const runtimes = [cpu, { ...tensorflow, isThere: false, gflops: null, problem: 'It was removed.' }];
    const use = { runtime: 'tensorflow', threads: 4, why: 'set', whyThreads: 'all' } as const;
    expect(words({ runtimes, use })).toEqual([
      expect.stringMatching(/^problem: TensorFlow is what .* It was removed\. Choose/),
    ]);
    expect(words({ runtimes, use: { ...use, why: 'asked' } })).toEqual([
      'problem: TensorFlow cannot be used here: It was removed.',
    ]);
  });
});
