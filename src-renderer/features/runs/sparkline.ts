/** A small picture of a curve: points of an SVG polyline, from the left edge to the right, the highest value on top. */
export function sparklinePoints(values: readonly number[], width: number, height: number): string {
  const low = Math.min(0, ...values);
  const high = Math.max(...values);
  const span = high - low || 1;
  const across = width / Math.max(1, values.length - 1);
  const place = (value: number, index: number) =>
    `${(index * across).toFixed(1)},${(height - ((value - low) / span) * height).toFixed(1)}`;
  return values.map(place).join(' ');
}
