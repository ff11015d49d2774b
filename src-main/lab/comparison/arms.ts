/**
 * Arms of a comparison: a model, perhaps an adapter over it, and a way of decoding. Written as
 * MODEL[:ADAPTER][@decoding], for example "models/tiny:runs/a/adapter@top-p=0.9"; among the words of decoding, "8-bit" or
 * "4-bit" says how the weights are kept.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../engine/errors.ts';
import { type DecodingSettings, describeDecoding, parseDecoding } from '../../engine/generation/decoding.ts';
import { WEIGHT_PRECISIONS, type WeightPrecision } from '../../engine/runtimes/quantize.ts';

export interface Arm {
  readonly name: string;
  /** Folders. */
  readonly model: string;
  readonly adapter: string | null;
  readonly decoding: DecodingSettings;
  readonly weights: WeightPrecision;
}

export async function parseArm(text: string): Promise<Arm> {
  const at = text.lastIndexOf('@');
  // A folder's name may hold an @; then there is no decoding.
  const hasDecoding = at > 0 && !(await isFolder(text));
  const place = hasDecoding ? text.slice(0, at) : text;
  const words = (hasDecoding ? text.slice(at + 1) : 'greedy').split(',');
  const [weights = 'float32', ...more] = WEIGHT_PRECISIONS.filter((known) =>
    words.some((word) => word.trim() === known),
  );
  if (more.length > 0) {
    throw new LabError(
      'bad-argument',
      `The arm "${text}" says twice how its weights are kept: ${weights} and ${more[0]}.`,
    );
  }
  const decoding = parseDecoding(words.filter((word) => word.trim() !== weights).join(',') || 'greedy');
  const { model, adapter } = await splitPlace(place);
  const shown = [
    path.basename(model),
    adapter === null ? '' : ` + ${path.basename(path.dirname(path.resolve(adapter)))}`,
  ].join('');
  const kept = weights === 'float32' ? '' : `, ${weights} weights`;
  return { name: `${shown} · ${describeDecoding(decoding)}${kept}`, model, adapter, decoding, weights };
}

/** MODEL or MODEL:ADAPTER; a colon that belongs to the path (C:\models) is left alone. */
async function splitPlace(place: string): Promise<{ model: string; adapter: string | null }> {
  if (await isFolder(place)) return { model: place, adapter: null };
  for (let colon = place.indexOf(':'); colon !== -1; colon = place.indexOf(':', colon + 1)) {
    const [model, adapter] = [place.slice(0, colon), place.slice(colon + 1)];
    if (await isFolder(model)) return { model, adapter };
  }
  throw new LabError('file-not-found', `There is no model folder ${place}.`, { place });
}

async function isFolder(place: string): Promise<boolean> {
  return stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
