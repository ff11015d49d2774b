import { describe, expect, it } from 'vitest';
import { LINE_STYLES, LINES_AT_MOST } from './line-styles.ts';

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe('lines', () => {
  it.each(['#ffffff', '#1f2226'])('are seen on a card of %s (WCAG asks graphics for 3:1)', (card) => {
    for (const { colour } of LINE_STYLES)
      expect([colour, contrast(colour, card) >= 3]).toEqual([colour, true]);
  });

  it('are all different', () => {
    expect(new Set(LINE_STYLES.map((style) => JSON.stringify(style))).size).toBe(LINES_AT_MOST);
  });
});
