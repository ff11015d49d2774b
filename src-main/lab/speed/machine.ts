/** The computer that the lab runs on, in the words of its system. */
import os from 'node:os';
import type { Machine } from '../../../src-preload/contract/endpoints/system.ts';
import { graphicsNames } from './graphics.ts';

export async function describeMachine(): Promise<Machine> {
  return {
    system: `${os.type()} ${os.release()} (${os.arch()})`,
    processor: processorName(),
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    graphics: await graphicsNames(),
  };
}

export function processorName(): string {
  return os.cpus()[0]?.model.trim() || 'processor';
}
