import { describe, expect, it } from 'vitest';
import { fromPercent, moved, zoomed } from './zoom.ts';

const all = [0, 1_000] as const;

describe('zooming', () => {
  it('keeps the middle', () => {
    expect(zoomed([400, 600], all, 0.5)).toEqual([450, 550]);
  });

  it('shows all again when nothing is left out, so that new points are seen as they come', () => {
    expect(zoomed([250, 750], all, 2)).toBeUndefined();
    expect(fromPercent(0, 100, all)).toBeUndefined();
  });

  it('ends before there is nothing to see', () => {
    expect(zoomed([500, 502], all, 0.5)).toEqual([500, 502]);
  });

  it('moves no further than there are points, and keeps its size', () => {
    expect(moved([100, 300], all, 0.5)).toEqual([200, 400]);
    expect(moved([100, 300], all, -2)).toEqual([0, 200]);
    expect(moved([100, 300], all, 9)).toEqual([800, 1_000]);
  });

  it('reads percents of what there is', () => {
    expect(fromPercent(25, 50, [0, 1_000])).toEqual([250, 500]);
  });
});
