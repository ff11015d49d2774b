/** A question about the smallest model that has an adapter, and an experiment's surroundings, for tests. */
import path from 'node:path';
import type { Context } from './experiment.ts';
import type { PairRequest } from './inputs.ts';

const MODEL = path.join(import.meta.dirname, '../../../tests/golden/fixtures/llama');

export const TINY_PAIR: PairRequest['pair'] = {
  base: MODEL,
  tuned: { model: MODEL, adapter: path.join(MODEL, 'adapter') },
};

export function askTinyPair(changes: Partial<PairRequest> = {}): PairRequest {
  const texts = ['The sea was calm.', 'A dog ran along the river.', 'Nobody knew why.', 'One two three.'];
  return {
    pair: TINY_PAIR,
    texts: { kind: 'given', texts },
    prompts: { kind: 'given', texts: ['The sea', 'A dog'] },
    training: null,
    maxNewTokens: 12,
    seed: 1,
    ...changes,
  };
}

/** Keeps what an experiment tells. */
export class Told implements Context<unknown> {
  readonly runtime = 'cpu';
  readonly shares: number[] = [];
  readonly kept: unknown[] = [];
  readonly folder: string;
  readonly signal: AbortSignal | undefined;
  readonly previous: unknown;

  constructor(folder: string, { signal, previous }: { signal?: AbortSignal; previous?: unknown } = {}) {
    this.folder = folder;
    this.signal = signal;
    this.previous = previous;
  }

  readonly onProgress = (share: number): void => {
    this.shares.push(share);
  };
  readonly keep = (results: unknown): void => {
    this.kept.push(results);
  };
}
