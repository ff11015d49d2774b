/** Numbers and states in the words of the screens. */
import type { Run, RunState } from '../../src-preload/contract/shapes.ts';

export function bytes(size: number): string {
  if (size < 1e6) return `${Math.max(1, Math.round(size / 1e3))} kB`;
  return size < 1e9 ? `${Math.round(size / 1e6)} MB` : `${(size / 1e9).toFixed(1)} GB`;
}

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

/** "last:5" as people say it. */
export function scopeWords(scope: string): string {
  const [kind, rest] = scope.split(':');
  if (kind === 'full') return 'the whole model';
  if (kind === 'all') return 'adapters on all blocks (LoRA)';
  if (kind === 'blocks') return `adapters on chosen blocks (LoRA)`;
  return `adapters on the ${kind} ${rest} blocks (LoRA)`;
}

/** Done share of a run, 0 to 1. */
export function progress({ lastEpoch, recipe }: Run): number {
  return lastEpoch === null ? 0 : Math.min(1, lastEpoch / recipe.epochs);
}

/** A text for reading: a model may write a screenful of empty lines, of which the number says as much. */
export function withoutGaps(text: string): string {
  return text.replaceAll(/\n{4,}/g, (gap) => `\n[${gap.length - 1} empty lines]\n`);
}
