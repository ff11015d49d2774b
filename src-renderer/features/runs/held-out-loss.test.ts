import { describe, expect, it } from 'vitest';
import { riseOf } from './held-out-loss.ts';

const epochs = (losses: readonly (number | null)[]) =>
  losses.map((validationLoss, epoch) => ({ epoch, step: epoch * 8, validationLoss }));

describe('the rise of the held-out loss', () => {
  it('begins at the lowest point', () => {
    expect(riseOf(epochs([3, 2.5, 2.4, 2.9, 4]))).toEqual({ epoch: 2, step: 16, lowest: 2.4, now: 4 });
  });

  it('is not seen in what still falls, in noise, or where nothing is measured', () => {
    expect(riseOf(epochs([3, 2.5, 2.4]))).toBeUndefined();
    expect(riseOf(epochs([3, 2.5, 2.51]))).toBeUndefined();
    expect(riseOf(epochs([null, null]))).toBeUndefined();
    expect(riseOf([])).toBeUndefined();
  });

  it('passes over epochs that were not measured', () => {
    expect(riseOf(epochs([3, null, 2, null, 3]))).toMatchObject({ epoch: 2, now: 3 });
  });
});
