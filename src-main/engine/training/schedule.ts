/** The learning rate of a step. */
import type { Recipe } from './recipe.ts';

/** The cosine ends at this share of the full rate. */
const COSINE_FLOOR = 0.03;

/** @param step 1-based; @param totalSteps of the whole run. */
export function learningRateAt(
  step: number,
  totalSteps: number,
  { schedule, learningRate, warmupSteps }: Pick<Recipe, 'schedule' | 'learningRate' | 'warmupSteps'>,
): number {
  if (schedule === 'constant') return learningRate;
  if (step < warmupSteps) return (learningRate * step) / warmupSteps;
  if (schedule === 'warmup') return learningRate;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  const wave = (1 + Math.cos(Math.PI * progress)) / 2;
  return learningRate * (COSINE_FLOOR + (1 - COSINE_FLOOR) * wave);
}
