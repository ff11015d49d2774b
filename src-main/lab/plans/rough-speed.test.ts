import { describe, expect, it } from 'vitest';
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { parameterLayout } from '../../engine/model/parameters.ts';
import { SMALL_MODEL } from '../../engine/speed/measured-models.ts';
import { findRecipe } from '../../engine/training/recipe.ts';
import type { PlannedModel } from './estimate.ts';
import { roughSpeed } from './rough-speed.ts';
import { workOf } from './work.ts';

const recipe = { ...findRecipe('quick').settings, batch: 1, windowLength: 256 };
const MEASURED = { matmulGflops: 100, trainedTokensPerSecond: 1000, writtenTokensPerSecond: 500 };

function shape(changes: Record<string, unknown>): PlannedModel {
  const architecture = recognizeArchitecture({ ...SMALL_MODEL, ...changes });
  return { architecture, layout: parameterLayout(architecture), bytesOnDisk: 1e6, fingerprint: '' };
}

describe('the rough speed of a model', () => {
  it('is what was measured, where it is the model that was measured', () => {
    const small = shape({});
    const { step } = workOf(small.architecture, small.layout, recipe, { train: 1, heldOut: 0 });
    const { perSecond } = roughSpeed(small, recipe, MEASURED);
    expect(perSecond / (step / 256)).toBeCloseTo(1000);
  });

  it('comes nearer to that of products the wider the model is, and never beyond', () => {
    const speeds = [256, 512, 2048, 8192].map(
      (width) => roughSpeed(shape({ hidden_size: width }), recipe, MEASURED).perSecond,
    );
    expect(speeds).toEqual(speeds.toSorted((first, second) => first - second));
    expect(speeds.at(-1)).toBeLessThan(50e9);
    expect(speeds.at(-1)).toBeGreaterThan(0.8 * 50e9);
  });

  it('is a usual one where only products were measured', () => {
    const { perSecond, how } = roughSpeed(shape({}), recipe, { matmulGflops: 100 });
    expect(perSecond).toBeCloseTo(40e9);
    expect(how).toBe('rough');
  });

  it('writes as was measured, where it is the model that was measured', () => {
    const eight = { ...recipe, samples: 8 };
    const slow = { ...MEASURED, writtenTokensPerSecond: 50 };
    expect(8 / roughSpeed(shape({}), eight, slow).secondsPerWrittenToken).toBeCloseTo(50);
  });

  it('takes as long to call each block of any model', () => {
    const step = (blocks: number, writtenTokensPerSecond: number) => {
      const model = shape({ num_hidden_layers: blocks });
      return roughSpeed(model, recipe, { ...MEASURED, writtenTokensPerSecond }).secondsPerWrittenToken;
    };
    const calling = (blocks: number) => step(blocks, 10) - step(blocks, 20);
    expect(calling(8) / calling(2)).toBeCloseTo(4);
  });

  it('takes the last five blocks, where another model was measured', () => {
    const measured = shape({ num_hidden_layers: 12 });
    const late = { ...recipe, scope: 'last:5' };
    const { step } = workOf(measured.architecture, measured.layout, late, { train: 1, heldOut: 0 });
    const { perSecond } = roughSpeed(measured, recipe, MEASURED, measured);
    expect(perSecond / (step / 256)).toBeCloseTo(1000);
  });
});
