/** Sizes and times as people say them, in the page and in the terminal. */

export function bytes(size: number): string {
  if (size < 1e6) return `${Math.max(1, Math.round(size / 1e3))}\u00a0kB`;
  return size < 1e9 ? `${Math.round(size / 1e6)}\u00a0MB` : `${(size / 1e9).toFixed(1)}\u00a0GB`;
}

/** "2 h 5 min", "40 s". */
export function durationWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
