import { describe, expect, it } from 'vitest';
import { sparklinePoints } from './sparkline.ts';

describe('a sparkline', () => {
  it('goes from edge to edge, with zero at the bottom', () => {
    expect(sparklinePoints([4, 2, 0], 80, 20)).toBe('0.0,0.0 40.0,10.0 80.0,20.0');
  });

  it('is drawn of any number of values', () => {
    expect(sparklinePoints([], 80, 20)).toBe('');
    expect(sparklinePoints([3], 80, 20)).toBe('0.0,0.0');
    expect(sparklinePoints([0, 0], 80, 20)).toBe('0.0,20.0 80.0,20.0');
  });
});
