/**
 * Self-BLEU (Zhu et al. 2018, Texygen, arXiv 1802.01886): the BLEU of each text with all others as its references; high
 * where texts resemble each other. BLEU (Papineni et al. 2002) on token ids: geometric mean of the clipped precisions of
 * n-grams up to 4, equally weighted, times the brevity penalty.
 *
 * Smoothing: a precision of zero counts as 0.1 / n-grams (method 1 of Chen and Cherry 2014 in NLTK, which Texygen's code
 * uses), unless not a single token agrees: then BLEU is 0. No source tells which n or smoothing Carlsson et al. used for
 * theirs, so values compare between arms of one run rather than with the paper.
 */
import { mean } from './mean.ts';
import { NGramIndex } from './n-grams.ts';

const LONGEST_N_GRAM = 4;
/** Matches that stand for none. */
const EPSILON = 0.1;

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
  return logPrecisions.map((sum, text) => brevityPenalty(lengths, text) * Math.exp(sum));
}

/**
 * Per text, the share of its n-grams that some other text has too, each counted at most as often as in the text that has
 * it most often. Instead of looking through all others, two numbers are kept per n-gram: its largest count and its
 * largest in any other text than that.
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
    let matches = 0;
    for (const [id, count] of own)
      matches += Math.min(count, holder[id] === text ? mostElsewhere[id]! : most[id]!);
    const nGrams = Math.max(1, texts[text]!.length - n + 1);
    return (matches === 0 && n > 1 ? EPSILON : matches) / nGrams;
  });
}

function countIds(ids: Uint32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** exp(1 − r / c) for a text of c tokens that is shorter than r, the length nearest to c (of two, the shorter). */
function brevityPenalty(lengths: readonly number[], text: number): number {
  const own = lengths[text]!;
  let nearest = Number.POSITIVE_INFINITY;
  for (const [other, length] of lengths.entries()) {
    const closer = Math.abs(length - own) - Math.abs(nearest - own);
    if (other !== text && (closer < 0 || (closer === 0 && length < nearest))) nearest = length;
  }
  return own >= nearest ? 1 : Math.exp(1 - nearest / own);
}
