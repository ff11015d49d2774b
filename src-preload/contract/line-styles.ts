/**
 * How the lines of a chart are told apart: five colours that people who see few colours can tell apart and that are
 * readable on light and dark, then the same five dashed.
 */
export interface LineStyle {
  readonly colour: string;
  readonly dashed: boolean;
}

const COLOURS = ['#d55e00', '#0072b2', '#008f68', '#b0559b', '#857200'] as const;

/** As many lines as one chart can hold. */
export const LINES_AT_MOST = 2 * COLOURS.length;

export const LINE_STYLES: readonly LineStyle[] = [false, true].flatMap((dashed) =>
  COLOURS.map((colour) => ({ colour, dashed })),
);

export function lineStyle(place: number): LineStyle {
  return LINE_STYLES[place % LINES_AT_MOST]!;
}
