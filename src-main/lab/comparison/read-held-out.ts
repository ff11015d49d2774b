/** How an arm reads the windows that a run has held out: the yardstick that all arms of a comparison are held to. */
import { hash } from 'node:crypto';
import { argMax, entropy, logProbability } from '../../engine/analysis/diversity/predictions.ts';
import { ModelReader } from '../../engine/analysis/model-reader.ts';
import type { Overlay } from '../../engine/model/overlay.ts';
import type { OpenModel } from '../models/open-model.ts';
import type { HeldOut } from './arm-numbers.ts';

/** Windows at most: enough for four thousand predictions of the papers' 256 tokens. */
const WINDOWS = 16;

/** @returns null where nothing is held out. The first token of a window is given, not predicted. */
export async function readHeldOut(
  { architecture, weights }: Pick<OpenModel, 'architecture' | 'weights'>,
  overlay: Overlay,
  heldOut: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<HeldOut | null> {
  const windows = heldOut
    .slice(0, WINDOWS)
    .map((tokens) => tokens.slice(0, architecture.geometry.contextLength))
    .filter(({ length }) => length > 1);
  if (windows.length === 0) return null;
  const read: HeldOut = {
    windows: hash('sha256', JSON.stringify(windows), 'base64'),
    ...{ losses: [], entropies: [], positions: [], preferred: [] },
  };
  const reader = new ModelReader(architecture, weights, overlay);
  try {
    for (const tokens of windows) {
      signal?.throwIfAborted();
      const preferred: number[] = [];
      let [losses, entropies] = [0, 0];
      await reader.eachLogits(await reader.final(tokens.slice(0, -1)), (logits, position) => {
        losses -= logProbability(logits, tokens[position + 1]!);
        entropies += entropy(logits);
        preferred.push(argMax(logits));
      });
      read.losses.push(losses);
      read.entropies.push(entropies);
      read.positions.push(preferred.length);
      read.preferred.push(preferred);
    }
  } finally {
    await reader.release();
  }
  return read;
}
