/**
 * Self-BLEU (Zhu et al. 2018, Texygen, arXiv 1802.01886): the BLEU of each text with all others as its references; high
 * where texts resemble each other. See bleu.ts.
 */
import { brevityPenalty, clippedPrecision, countIds, LONGEST_N_GRAM } from './bleu.ts';
import { mean } from './mean.ts';
import { NGramIndex } from './n-grams.ts';

/** Mean over the texts, 0 to 1. 0 where there are fewer than two. */
export function selfBleu(texts: readonly (readonly number[])[], longest = LONGEST_N_GRAM): number {
  return mean(selfBleuScores(texts, longest));
}

/** BLEU of each text against all others, 0 to 1, in the order of the texts. 0 for an empty or a lonely text. */
export function selfBleuScores(
  texts: readonly (readonly number[])[],
  longest = LONGEST_N_GRAM,
): readonly number[] {
  const index = new NGramIndex();
  const logPrecisions = texts.map(() => 0);
  for (let n = 1; n <= longest; n++) {
    for (const [text, precision] of precisions(texts, n, index).entries())
      logPrecisions[text]! += Math.log(precision) / longest;
  }
  const lengths = texts.map(({ length }) => length);
  return logPrecisions.map((sum, text) => {
    const others = lengths.filter((_, other) => other !== text);
    return brevityPenalty(lengths[text]!, others) * Math.exp(sum);
  });
}

/**
 * Per text, its precision against all others. Instead of looking through these, two numbers are kept per n-gram: its
 * largest count and its largest in any other text than that.
 */
function precisions(texts: readonly (readonly number[])[], n: number, index: NGramIndex): number[] {
  const counts = texts.map((tokens) => countIds(index.idsOf(tokens, n)));
  const most = new Uint32Array(index.size(n));
  const mostElsewhere = new Uint32Array(index.size(n));
  const holder = new Int32Array(index.size(n)).fill(-1);
  for (const [text, own] of counts.entries()) {
    for (const [id, count] of own) {
      if (count > most[id]!) {
        mostElsewhere[id] = most[id]!;
        most[id] = count;
        holder[id] = text;
      } else if (count > mostElsewhere[id]!) mostElsewhere[id] = count;
    }
  }
  return counts.map((own, text) => {
    const mostOfOthers = (id: number) => (holder[id] === text ? mostElsewhere[id]! : most[id]!);
    return clippedPrecision(own, mostOfOthers, texts[text]!.length, n);
  });
}
