/** Rates in the words of the screen. */

/** With as many digits as mean something. */
export function rate(perSecond: number): string {
  if (perSecond >= 100) return Math.round(perSecond).toLocaleString('en');
  return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toPrecision(2);
}
