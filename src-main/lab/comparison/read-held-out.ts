/** How an arm reads the windows that a run has held out: the yardstick that all arms of a comparison are held to. */
import { hash } from 'node:crypto';
import { argMax, entropy, logProbability } from '../../engine/analysis/diversity/predictions.ts';
import type { Overlay } from '../../engine/model/overlay.ts';
import type { OpenModel } from '../models/open-model.ts';
import type { HeldOut } from './arm-numbers.ts';

/** Windows at most: enough for four thousand predictions of the papers' 256 tokens. */
const WINDOWS = 16;

/** @returns null where nothing is held out. The first token of a window is given, not predicted. */
export async function readHeldOut(
  { architecture, decoder }: Pick<OpenModel, 'architecture' | 'decoder'>,
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
  for (const tokens of windows) {
    const preferred: number[] = [];
    let [losses, entropies] = [0, 0];
    await decoder.eachLogits(tokens.slice(0, -1), { overlay, signal }, (logits, position) => {
      losses -= logProbability(logits, tokens[position + 1]!);
      entropies += entropy(logits);
      preferred.push(argMax(logits));
    });
    read.losses.push(losses);
    read.entropies.push(entropies);
    read.positions.push(preferred.length);
    read.preferred.push(preferred);
  }
  return read;
}
