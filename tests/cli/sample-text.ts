/** Text in words that the fixtures' tokenizers know, enough for some short windows. */
const WORDS =
  'the quick brown fox jumps over the lazy dog while seven wise owls count bright stars above a quiet winter lake'.split(
    ' ',
  );

export function sampleText(words = 600): string {
  return Array.from(
    { length: words },
    (_, index) => WORDS[(index * 7 + Math.floor(index / 5)) % WORDS.length],
  ).join(' ');
}
