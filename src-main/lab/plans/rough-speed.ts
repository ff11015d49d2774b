/**
 * How fast a model will be before any of it was tried, from what the speed test measured of another one. The products of a
 * step go as fast as the product of matrices that was measured; what a step does beside them takes the longer the narrower
 * the model is; and to call a block for one more token of a text takes the same in every model. One model that was trained
 * and has written tells all of it, for all others.
 */
import type { SpeedResult } from '../../../src-preload/contract/endpoints/speed.ts';
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { parameterLayout } from '../../engine/model/parameters.ts';
import { amountFor, writingOperations } from '../../engine/speed/amount.ts';
import { LATE_STAGE_BLOCKS, SMALL_MODEL } from '../../engine/speed/measured-models.ts';
import { multiplyAdds, writtenStep, writtenWeights } from '../../engine/training/multiply-adds.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import type { PlannedModel } from './estimate.ts';
import type { Speed } from './work.ts';

type Measured = NonNullable<SpeedResult['speed']>;
type Shape = Pick<PlannedModel, 'architecture' | 'layout'>;

/** Of the speed of products, where nothing was trained: what a step of the small model usually reaches. */
const USUAL_SHARE = 0.8;
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
  const { blocks, width } = model.architecture.geometry;
  const counted = multiplyAdds(model.architecture, model.layout, recipe);
  const products = (measured.matmulGflops * 1e9) / 2;
  const trained = shape ?? smallShape();
  const { geometry } = trained.architecture;
  const scope = shape ? `last:${Math.min(LATE_STAGE_BLOCKS, geometry.blocks)}` : 'full';
  const work = multiplyAdds(trained.architecture, trained.layout, { ...recipe, scope });
  const length = Math.min(recipe.windowLength, geometry.contextLength);
  const reached = measured.trainedTokensPerSecond
    ? measured.trainedTokensPerSecond * (work.learnedWindow / length)
    : products * USUAL_SHARE;
  const beside = Math.max(0, 1 / reached - 1 / products) * geometry.width;
  const perSecond = 1 / (1 / products + beside / width);
  return {
    how: 'rough',
    perSecond,
    secondsPerWrittenToken: measured.writtenTokensPerSecond
      ? writtenWeights(counted.writtenToken, recipe.samples) / perSecond +
        blocks * secondsOfCall(measured.writtenTokensPerSecond)
      : writtenStep(counted, recipe.samples) / perSecond,
    secondsPerEpoch: 0,
    secondsToBegin: SECONDS_TO_OPEN + model.bytesOnDisk / BYTES_READ_PER_SECOND,
    spread: 1,
  };

  /** Of a block, for one more token of all texts: what writing takes beside the weights. */
  function secondsOfCall(writtenTokensPerSecond: number): number {
    const { batch } = amountFor(
      writingOperations(trained.layout),
      measured.matmulGflops,
      geometry.contextLength,
    );
    const step = batch / writtenTokensPerSecond;
    return Math.max(0, step - writtenWeights(work.writtenToken, batch) / reached) / geometry.blocks;
  }
}

function smallShape(): Shape {
  const architecture = recognizeArchitecture(SMALL_MODEL);
  return { architecture, layout: parameterLayout(architecture) };
}
