/** Numbers and states in the words of the screens. */

export { bytes } from '../../src-preload/contract/amount-words.ts';

import type { RunState } from '../../src-preload/contract/endpoints/runs.ts';
import type { ComputingChoice, RuntimeChoice } from '../../src-preload/contract/endpoints/speed.ts';

/** "1.7 million". */
export function count(number: number): string {
  if (number < 1e4) return String(number);
  if (number < 1e6) return `${Math.round(number / 1e3)} thousand`;
  return number < 1e9 ? `${(number / 1e6).toFixed(1)} million` : `${(number / 1e9).toFixed(1)} billion`;
}

export const STATE_WORDS: Readonly<Record<RunState, string>> = {
  waiting: 'Waiting for its turn',
  running: 'Training',
  finished: 'Finished',
  paused: 'Paused',
  interrupted: 'Interrupted, can go on',
  failed: 'Failed',
};

export const RUNTIME_WORDS: Readonly<Record<RuntimeChoice, string>> = {
  cpu: 'the processor',
  webgpu: 'the graphics card',
  tensorflow: 'TensorFlow',
};

/** What computes, and why that: "TensorFlow, which was measured to be the fastest". */
export function computingWords({ runtime, why }: ComputingChoice): string {
  const reasons = {
    set: 'as it is set in Settings',
    fastest: 'which was measured to be the fastest here',
    unmeasured: 'as nothing is measured yet (Settings, Speed test)',
  };
  return `${RUNTIME_WORDS[runtime]}, ${reasons[why]}`;
}

/** "last:5" as people say it. */
export function scopeWords(scope: string): string {
  const [kind, rest] = scope.split(':');
  if (kind === 'full') return 'the whole model';
  if (kind === 'all') return 'adapters on all blocks (LoRA)';
  if (kind === 'blocks') return `adapters on chosen blocks (LoRA)`;
  return rest === '1'
    ? `adapters on the ${kind} block (LoRA)`
    : `adapters on the ${kind} ${rest} blocks (LoRA)`;
}

/** How long something takes, as one says it: "3 to 5 minutes". */
export function secondsRange({ low, high }: { readonly low: number; readonly high: number }): string {
  const [unit, size] = (
    [
      ['hours', 3600],
      ['minutes', 60],
    ] as const
  ).find(([, one]) => high >= 1.5 * one) ?? ['seconds', 1];
  const shown = (seconds: number) => {
    const number = seconds / size;
    return number < 10 && size > 1
      ? Math.max(0.5, Math.round(2 * number) / 2)
      : Math.max(1, Math.round(number));
  };
  const [from, to] = [shown(low), shown(high)];
  if (size === 1 && to === 1) return 'about a second';
  return from === to ? `about ${to} ${unit}` : `${from} to ${to} ${unit}`;
}

/** A text for reading: a model may write a screenful of empty lines, of which the number says as much. */
export function withoutGaps(text: string): string {
  return text.replaceAll(/\n{4,}/g, (gap) => `\n[${gap.length - 1} empty lines]\n`);
}
