/**
 * Tokens in falling order of their scores, one at a time. Few of a large vocabulary are ever asked for, so a binary heap
 * replaces the full sort: building it is linear, each token taken from it logarithmic in the vocabulary.
 */

/** Token ids by falling score, the lower id first among equals; scores of −∞ (and NaN) are left out. */
export function* mostLikelyFirst(scores: Float64Array): Generator<number, void> {
  const heap = new Int32Array(scores.length);
  let size = 0;
  for (let token = 0; token < scores.length; token++) {
    if (scores[token]! > Number.NEGATIVE_INFINITY) heap[size++] = token;
  }
  for (let parent = (size >>> 1) - 1; parent >= 0; parent--) siftDown(heap, size, parent, scores);
  while (size > 0) {
    yield heap[0]!;
    heap[0] = heap[--size]!;
    siftDown(heap, size, 0, scores);
  }
}

/** Lets the token at `at` sink until neither child precedes it. */
function siftDown(heap: Int32Array, size: number, at: number, scores: Float64Array): void {
  const token = heap[at]!;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && precedes(heap[child + 1]!, heap[child]!, scores)) child++;
    if (!precedes(heap[child]!, token, scores)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = token;
}

function precedes(first: number, second: number, scores: Float64Array): boolean {
  return scores[first]! > scores[second]! || (scores[first] === scores[second] && first < second);
}
