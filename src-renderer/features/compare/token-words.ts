/** Tokens and probabilities, for people: a token may be a space, a line's end or half a letter. */

/** What is seen of a token in a list: white space as signs, and never more than fits. */
export function tokenWords(piece: string): string {
  if (piece === '') return '(a part of a letter)';
  const shown = piece.replaceAll('\n', '⏎').replaceAll('\t', '⇥').replaceAll(' ', '␣');
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown;
}
const LONGEST = 40;

/** "12 %"; small ones in as many digits as they need to be told from nothing. */
export function percent(probability: number): string {
  const share = 100 * probability;
  if (share >= 10) return `${Math.round(share)}\u00a0%`;
  if (share >= 0.1) return `${share.toFixed(1)}\u00a0%`;
  return share === 0 ? '0\u00a0%' : '<\u00a00.1\u00a0%';
}
