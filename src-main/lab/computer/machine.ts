/** The computer that the lab runs on, in the words of its system. */
import os from 'node:os';
import type { Machine } from '../../../src-preload/contract/endpoints/system.ts';
import { graphicsNames } from './graphics.ts';
import { readProcessor } from './processor.ts';

export async function describeMachine(): Promise<Machine> {
  const { name, threads, cores, instructions } = await readProcessor();
  return {
    system: `${os.type()} ${os.release()} (${os.arch()})`,
    processor: name,
    cores,
    threads,
    instructions: [...instructions],
    memoryBytes: os.totalmem(),
    memoryLimitBytes: memoryLimit(process.constrainedMemory(), os.totalmem()),
    graphics: await graphicsNames(),
  };
}

/** @param constrained as Node tells it: 0, or more than there is, where nothing limits it */
export function memoryLimit(constrained: number | undefined, total: number): number | null {
  return constrained && constrained < total ? constrained : null;
}
