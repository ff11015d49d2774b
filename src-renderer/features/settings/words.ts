/** Runtimes and rates in the words of the screen. */
import type { RuntimeChoice } from '../../../src-preload/contract/endpoints/speed.ts';

export const RUNTIME_WORDS: Readonly<Record<RuntimeChoice, string>> = {
  cpu: 'the processor',
  webgpu: 'the graphics card',
};

/** With as many digits as mean something. */
export function rate(perSecond: number): string {
  if (perSecond >= 100) return Math.round(perSecond).toLocaleString('en');
  return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toPrecision(2);
}
