/**
 * Self-BLEU (Zhu et al. 2018, Texygen, arXiv 1802.01886): the mean BLEU of each text against all others; high where the
 * texts resemble each other. BLEU (Papineni et al. 2002) of n-grams up to 4 with equal weights, clipped counts and the
 * brevity penalty; a precision of zero counts as ε / n-grams (method 1 of Chen and Cherry 2014, ε = 0.1), as NLTK does.
 * Carlsson et al. report Self-BLEU without saying their n or smoothing.
 */
import { mean } from './mean.ts';
import { countNGrams } from './n-grams.ts';

const LONGEST = 4;
const EPSILON = 0.1;

/** 0 to 1; 0 where there are fewer than two texts. */
export function selfBleu(texts: readonly (readonly number[])[], longest = LONGEST): number {
  if (texts.length < 2) return 0;
  return mean(
    texts.map((text, index) =>
      bleu(
        text,
        texts.filter((_, other) => other !== index),
        longest,
      ),
    ),
  );
}

/** BLEU of a text against references. */
export function bleu(
  text: readonly number[],
  references: readonly (readonly number[])[],
  longest = LONGEST,
): number {
  if (text.length === 0) return 0;
  let logSum = 0;
  for (let n = 1; n <= longest; n++) {
    const counts = countNGrams(text, n);
    const referenceCounts = references.map((reference) => countNGrams(reference, n));
    const total = Math.max(1, text.length - n + 1);
    let matched = 0;
    for (const [gram, count] of counts) {
      matched += Math.min(count, Math.max(...referenceCounts.map((reference) => reference.get(gram) ?? 0)));
    }
    logSum += Math.log((matched === 0 ? EPSILON : matched) / total) / longest;
  }
  return brevityPenalty(text.length, references) * Math.exp(logSum);
}

/** exp(1 − r / c) for a text of c tokens that is shorter than r, the reference length nearest to it. */
function brevityPenalty(length: number, references: readonly (readonly number[])[]): number {
  const lengths = references.map((reference) => reference.length);
  const nearest = lengths.reduce((best, other) => {
    const [distance, bestDistance] = [Math.abs(other - length), Math.abs(best - length)];
    return distance < bestDistance || (distance === bestDistance && other < best) ? other : best;
  });
  return length >= nearest ? 1 : Math.exp(1 - nearest / length);
}
