import { describe, expect, it } from 'vitest';
import { readCpuInfo, readProcessor } from './processor.ts';

const thread = (processor: number, core: number, socket = 0) => `processor\t: ${processor}
vendor_id\t: GenuineIntel
model name\t: Some Processor
physical id\t: ${socket}
siblings\t: 4
core id\t\t: ${core}
flags\t\t: fpu sse2 avx fma avx2 avx512f avx512_bf16
`;

describe('what Linux says of a processor', () => {
  it('counts threads that share a core once', () => {
    const shared = [thread(0, 0), thread(1, 1), thread(2, 0), thread(3, 1)].join('\n');
    expect(readCpuInfo(shared)).toEqual({
      cores: 2,
      instructions: ['AVX', 'AVX2', 'AVX-512', 'AVX-512 BF16'],
    });
    const sockets = [thread(0, 0, 0), thread(1, 0, 1)].join('\n');
    expect(readCpuInfo(sockets).cores).toBe(2);
  });

  it('counts only what this process may use', () => {
    const all = [thread(0, 0), thread(1, 1), thread(2, 2), thread(3, 2)].join('\n');
    const allowing = (list: string) => readCpuInfo(all, `Name:\tnode\nCpus_allowed_list:\t${list}\n`).cores;
    expect([allowing('0-3'), allowing('0'), allowing('2-3'), allowing('0,2')]).toEqual([3, 1, 1, 2]);
  });

  it('says that it does not know cores where they are not told, as on ARM', () => {
    const arm = 'processor\t: 0\nFeatures\t: fp asimd bf16\n\nprocessor\t: 1\nFeatures\t: fp asimd bf16\n';
    expect(readCpuInfo(arm)).toEqual({ cores: null, instructions: ['NEON', 'BF16'] });
    expect(readCpuInfo('')).toEqual({ cores: null, instructions: [] });
  });

  it('fits this computer', async () => {
    const { threads, cores } = await readProcessor();
    expect(cores ?? 1).toBeLessThanOrEqual(threads);
  });
});
