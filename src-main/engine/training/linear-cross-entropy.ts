/**
 * The loss over a large vocabulary, chunk by chunk: logits = hidden · weightᵀ would be [tokens × vocabulary], larger
 * than all the rest of a training step. So a few tokens at a time go through logits, loss *and* gradient, and only the
 * sums are kept (as Liger Kernel and cut cross-entropy do, arXiv 2410.10989, 2411.09009). Each chunk waits for the one
 * before it, or a runtime might compute all logits first.
 */
import type { Head } from '../architectures/architecture.ts';
import { after } from '../graph/after.ts';
import { capped } from '../graph/attention.ts';
import {
  add,
  addAtPick,
  concat,
  log,
  matmul,
  max,
  multiply,
  pick,
  reshape,
  scalar,
  slice,
  softmax,
  subtract,
  sum,
  withGradient,
} from '../graph/ops.ts';
import type { Value } from '../graph/value.ts';

/** Numbers of one chunk of logits at most: 64 MiB in float32. With smaller ones, products become slower. */
const CHUNK_NUMBERS = 1 << 24;

/** Measures of each token, [tokens, 1]. */
export interface TokenMeasures {
  /** Cross-entropy in nats. */
  readonly losses: Value;
  /** Logit of the right token less the largest logit: 0 where the model's first choice is right. */
  readonly margins: Value;
  /** Entropy of the predicted distribution in nats. */
  readonly entropies: Value;
}

export interface TrainingLoss {
  /** Mean cross-entropy in nats, or a part's share in it, scalar []; carries its gradient to the hidden states and, if wanted, the head's weight. */
  readonly loss: Value;
  readonly margins: Value;
}

/** @param targets int32 [tokens], for head.hidden [tokens, width]. */
export function evaluationMeasures(head: Head, targets: Value): TokenMeasures {
  const measures: TokenMeasures[] = [];
  for (const part of chunks(head, targets)) {
    const { logits, probabilities, logTotal, losses, margins } = predict(part, measures.at(-1)?.entropies);
    measures.push({
      losses,
      margins,
      entropies: subtract(logTotal, sum(multiply(probabilities, logits), [1])),
    });
  }
  return {
    losses: joined(measures.map(({ losses }) => losses)),
    margins: joined(measures.map(({ margins }) => margins)),
    entropies: joined(measures.map(({ entropies }) => entropies)),
  };
}

/**
 * @param learnsWeight whether the head's weight is trained: its gradient costs a third of the whole loss.
 * @param parts alike, of which this is one: the losses of all of them add up to the mean
 */
export function trainingLoss(head: Head, targets: Value, learnsWeight: boolean, parts = 1): TrainingLoss {
  const share = 1 / (targets.shape[0]! * parts);
  const results: { losses: Value; margins: Value; hiddenGradient: Value }[] = [];
  let weightGradient: Value | undefined;
  for (const part of chunks(head, targets)) {
    const { hidden, weight, softCap } = part;
    const { logits, probabilities, losses, margins } = predict(
      part,
      weightGradient,
      results.at(-1)?.hiddenGradient,
    );
    // It comes after all else that reads the probabilities, so that it may be written over them.
    const error = addAtPick(probabilities, part.targets, after(scalar(-1), [losses]));
    const slope =
      softCap === undefined ? error : multiply(error, subtract(1, square(multiply(logits, 1 / softCap))));
    if (learnsWeight) {
      const gradient = matmul(slope, multiply(hidden, share), { transposeA: true });
      weightGradient = weightGradient === undefined ? gradient : add(weightGradient, gradient);
    }
    results.push({ losses, margins, hiddenGradient: multiply(matmul(slope, weight), share) });
  }
  const total = reshape(sum(joined(results.map(({ losses }) => losses)), [0, 1]), []);
  const gradients = [
    { variable: head.hidden, gradient: joined(results.map(({ hiddenGradient }) => hiddenGradient)) },
  ];
  if (weightGradient) gradients.push({ variable: head.weight, gradient: weightGradient });
  return {
    loss: withGradient(multiply(total, share), gradients),
    margins: joined(results.map(({ margins }) => margins)),
  };
}

type Chunk = Head & { readonly targets: Value };

/** Equal parts of the tokens, as few as the size of a chunk allows. */
function* chunks({ hidden, weight, softCap }: Head, targets: Value): Generator<Chunk> {
  const tokens = hidden.shape[0]!;
  const count = Math.ceil((tokens * weight.shape[0]!) / CHUNK_NUMBERS);
  const size = Math.ceil(tokens / count);
  for (let start = 0; start < tokens; start += size) {
    const end = Math.min(start + size, tokens);
    yield { hidden: slice(hidden, 0, start, end), weight, softCap, targets: slice(targets, 0, start, end) };
  }
}

/** Logits of a chunk and what follows from them; computed after the given values. */
function predict({ hidden, weight, softCap, targets }: Chunk, ...earlier: (Value | undefined)[]) {
  const logits = capped(matmul(after(hidden, earlier), weight, { transposeB: true }), softCap);
  const top = max(logits);
  const margins = subtract(pick(logits, targets), top);
  // Nothing else need read the logits any more: probabilities may be written over them.
  const probabilities = softmax(after(logits, [margins]));
  // log Σ exp(logits) = top − log p(top), as p(top) = 1 / Σ exp(logits − top): finite however unlikely the target.
  const logTotal = subtract(top, log(max(probabilities)));
  return { logits, probabilities, margins, logTotal, losses: subtract(logTotal, add(margins, top)) };
}

function joined(parts: readonly Value[]): Value {
  return concat(parts, 0);
}

function square(x: Value): Value {
  return multiply(x, x);
}
