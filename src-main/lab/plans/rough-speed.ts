/**
 * How fast a model will be before any of it was tried, from what the speed test measured of another one. The products of a
 * step go as fast as the product of matrices that was measured; what a step does beside them takes the longer the narrower
 * the model is. One model that was trained tells both, for all others.
 */
import type { SpeedResult } from '../../../src-preload/contract/endpoints/speed.ts';
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { parameterLayout } from '../../engine/model/parameters.ts';
import { TOKENS_PER_READING } from '../../engine/speed/amount.ts';
import { LATE_STAGE_BLOCKS, SMALL_MODEL } from '../../engine/speed/measured-models.ts';
import { multiplyAdds } from '../../engine/training/multiply-adds.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import type { PlannedModel } from './estimate.ts';
import type { Speed } from './work.ts';

type Measured = NonNullable<SpeedResult['speed']>;
type Shape = Pick<PlannedModel, 'architecture' | 'layout'>;

/** Of the speed of products, where nothing was trained: what a step of the small model usually reaches. */
const USUAL_SHARE = 0.5;
/** Opening a model, beside reading its files; and how fast these are read and made ready. */
const SECONDS_TO_OPEN = 1.5;
const BYTES_READ_PER_SECOND = 5e8;

/**
 * @param measured without tokens a second where products alone were measured
 * @param shape the model that was measured with; the small one without it
 */
export function roughSpeed(
  model: PlannedModel,
  recipe: Recipe,
  measured: Partial<Measured> & Pick<Measured, 'matmulGflops'>,
  shape?: Shape,
): Speed {
  const { writtenToken } = multiplyAdds(model.architecture, model.layout, recipe);
  const products = (measured.matmulGflops * 1e9) / 2;
  const trained = shape ?? smallShape();
  const reached = measured.trainedTokensPerSecond
    ? measured.trainedTokensPerSecond * workPerToken(trained, recipe, shape && `last:${lateBlocks(shape)}`)
    : products * USUAL_SHARE;
  const beside = Math.max(0, 1 / reached - 1 / products) * trained.architecture.geometry.width;
  const perSecond = 1 / (1 / products + beside / model.architecture.geometry.width);
  return {
    how: 'rough',
    perSecond,
    secondsPerWrittenToken: (writtenToken * Math.max(recipe.samples, TOKENS_PER_READING)) / perSecond,
    secondsPerEpoch: 0,
    secondsToBegin: SECONDS_TO_OPEN + model.bytesOnDisk / BYTES_READ_PER_SECOND,
    spread: 1,
  };
}

/** Multiply-adds of learning from one token. */
function workPerToken({ architecture, layout }: Shape, recipe: Recipe, scope = 'full'): number {
  const length = Math.min(recipe.windowLength, architecture.geometry.contextLength);
  return multiplyAdds(architecture, layout, { ...recipe, scope }).learnedWindow / length;
}

function smallShape(): Shape {
  const architecture = recognizeArchitecture(SMALL_MODEL);
  return { architecture, layout: parameterLayout(architecture) };
}

function lateBlocks({ architecture }: Shape): number {
  return Math.min(LATE_STAGE_BLOCKS, architecture.geometry.blocks);
}
