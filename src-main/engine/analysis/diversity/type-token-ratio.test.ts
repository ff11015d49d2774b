import { describe, expect, it } from 'vitest';
import {
  meanTypeTokenRatio,
  slidingTypeTokenRatios,
  TTR_WINDOW,
  typeTokenRatio,
} from './type-token-ratio.ts';

describe('type-token ratio', () => {
  it('is different tokens over tokens', () => {
    expect(typeTokenRatio([1, 2, 1, 3])).toBe(3 / 4);
  });

  it('looks at the last tokens only', () => {
    expect(typeTokenRatio([7, 7, 7, 1, 2], 2)).toBe(1);
    const different = Array.from({ length: TTR_WINDOW }, (_, token) => token);
    expect(typeTokenRatio([...different, ...different])).toBe(1);
    // The window holds tokens 1…95 and the 7 that follows: 95 of 96 are different.
    expect(typeTokenRatio([...different, 7])).toBe(95 / 96);
  });

  it('is averaged over texts, and 0 for nothing', () => {
    // (1/2 + 1) / 2.
    expect(
      meanTypeTokenRatio([
        [1, 1],
        [1, 2],
      ]),
    ).toBe(3 / 4);
    expect(typeTokenRatio([])).toBe(0);
    expect(meanTypeTokenRatio([])).toBe(0);
  });

  it('slides along a text: at each token, that of what was written so far', () => {
    const tokens = [1, 2, 1, 3, 3, 3, 2, 1, 1, 5];
    for (const window of [1, 3, 10]) {
      expect(slidingTypeTokenRatios(tokens, window)).toEqual(
        tokens.slice(window - 1).map((_, place) => typeTokenRatio(tokens.slice(0, place + window), window)),
      );
    }
    expect(slidingTypeTokenRatios(tokens, 11)).toEqual([]);
  });
});
