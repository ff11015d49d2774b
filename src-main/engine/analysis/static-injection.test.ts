import { describe, expect, it } from 'vitest';
import { injection, liftedTokens } from './static-injection.ts';

const base = { logits: Float64Array.of(4, 3, 2, 1), ranks: Float64Array.of(1, 2, 3, 4) };

describe('the lifted tokens', () => {
  it('are those that rose most, by what their logits gained', () => {
    const tuned = { logits: Float64Array.of(0, 1, 2.5, 5), ranks: Float64Array.of(4, 3, 2, 1) };
    expect(liftedTokens(base, tuned, 1)).toEqual([{ token: 3, rankGain: 3, delta: 4 }]);
    expect(liftedTokens(base, tuned, 2).map(({ token }) => token)).toEqual([3, 2]);
  });

  it('never are tokens that did not rise, however many are asked for', () => {
    const tuned = { logits: Float64Array.of(4, 2, 3, 1), ranks: Float64Array.of(1, 3, 2, 4) };
    expect(liftedTokens(base, tuned, 4).map(({ token }) => token)).toEqual([2]);
    expect(liftedTokens(base, base, 4)).toEqual([]);
  });

  it('stand by their ids where they rose alike', () => {
    const tuned = { logits: base.logits, ranks: Float64Array.of(3, 4, 1, 2) };
    expect(liftedTokens(base, tuned, 4).map(({ token }) => token)).toEqual([2, 3]);
  });
});

it('adds its share of the gain to the lifted tokens alone, and leaves the given logits as they are', () => {
  const logits = Float32Array.of(1, 1, 1);
  expect([...injection([{ token: 2, delta: 3 }], 0.5)(logits)]).toEqual([1, 1, 2.5]);
  expect([...logits]).toEqual([1, 1, 1]);
});
