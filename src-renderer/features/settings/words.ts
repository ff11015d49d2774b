/** Rates, and what they were measured with, in the words of the screen. */
import type { Model } from '../../../src-preload/contract/endpoints/models.ts';

/** With as many digits as mean something. */
export function rate(perSecond: number): string {
  if (perSecond >= 100) return Math.round(perSecond).toLocaleString('en');
  return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toPrecision(2);
}

/** A model that is not in the list any more has only its place. */
export function measuredModel(
  folder: string | null,
  models: readonly Pick<Model, 'folder' | 'name'>[],
): string {
  if (folder === null) return 'a small model, the same everywhere';
  return models.find((model) => model.folder === folder)?.name ?? folder;
}
