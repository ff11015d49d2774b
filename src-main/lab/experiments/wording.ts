/** Numbers as findings say them. */

/** A share, 0 to 1: "57 %", "0.4 %". */
export function percent(share: number): string {
  const hundredths = share * 100;
  return `${hundredths.toFixed(hundredths > 0 && hundredths < 10 ? 1 : 0)} %`;
}

/** "1 text", "12 texts" */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? singular : plural}`;
}
