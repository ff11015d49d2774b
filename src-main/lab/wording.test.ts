import { expect, it } from 'vitest';
import { signed } from './wording.ts';

it('gives a difference its sign, and none to what is rounded to nothing', () => {
  expect([signed(0.123), signed(-0.03), signed(12.34, 1)]).toEqual(['+0.12', '−0.03', '+12.3']);
  expect([signed(0), signed(-0.004), signed(-0.0004, 3)]).toEqual(['0.00', '0.00', '0.000']);
});
