/**
 * Dataset BLEU: the BLEU of a text with all training windows as its references; high where it is put together from what it
 * was trained on. Carlsson et al. report it beside the longest overlap; that it is meant so is inferred from summaries of
 * the paper. See bleu.ts. There is no brevity penalty: a window is longer than most texts, and how long a text is says
 * nothing about what it has copied.
 */
import { clippedPrecision, countIds, LONGEST_N_GRAM } from './bleu.ts';
import { NGramIndex } from './n-grams.ts';

/** Per text, 0 to 1, in the order of the texts. 0 for an empty text, and where there is no window. */
export function datasetBleuScores(
  texts: readonly (readonly number[])[],
  windows: readonly (readonly number[])[],
  longest = LONGEST_N_GRAM,
): readonly number[] {
  const index = new NGramIndex();
  const logPrecisions = texts.map(() => 0);
  for (let n = 1; n <= longest; n++) {
    const counts = texts.map((tokens) => countIds(index.idsOf(tokens, n)));
    const most = new Map<number, number>();
    for (const window of windows) {
      for (const [id, count] of countIds(index.idsOf(window, n)))
        if (count > (most.get(id) ?? 0)) most.set(id, count);
    }
    for (const [text, own] of counts.entries())
      logPrecisions[text]! +=
        Math.log(clippedPrecision(own, (id) => most.get(id) ?? 0, texts[text]!.length, n)) / longest;
  }
  return logPrecisions.map(Math.exp);
}
