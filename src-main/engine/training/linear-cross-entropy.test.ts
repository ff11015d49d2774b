import { describe, expect, it } from 'vitest';
import { backward } from '../graph/backward.ts';
import { evaluate } from '../graph/evaluate.ts';
import { numbers } from '../graph/expressions.suite.ts';
import { input } from '../graph/ops.ts';
import { evaluationMeasures, trainingLoss } from './linear-cross-entropy.ts';

const [tokens, width, vocabulary] = [5, 4, 7];
const targets = [0, 6, 3, 3, 1];

function example(softCap: number | undefined) {
  const given: Record<string, Float64Array> = {
    hidden: Float64Array.from(numbers([tokens, width], 1)),
    weight: Float64Array.from(numbers([vocabulary, width], 2, 2)),
    targets: Float64Array.from(targets),
  };
  const [hidden, weight] = [input('hidden', [tokens, width]), input('weight', [vocabulary, width])];
  const head = { hidden, weight, softCap };
  const targetInput = input('targets', [tokens], 'int32');
  return {
    given,
    head,
    measures: evaluationMeasures(head, targetInput),
    training: trainingLoss(head, targetInput, true),
  };
}

/** The textbook formula, row by row. */
function expected(given: Record<string, Float64Array>, softCap: number | undefined) {
  return targets.map((target, token) => {
    const logits = Array.from({ length: vocabulary }, (_, row) => {
      let product = 0;
      for (let place = 0; place < width; place++) {
        product += given.hidden![token * width + place]! * given.weight![row * width + place]!;
      }
      return softCap === undefined ? product : softCap * Math.tanh(product / softCap);
    });
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const probabilities = logits.map((logit) => Math.exp(logit) / total);
    return {
      loss: -Math.log(probabilities[target]!),
      margin: logits[target]! - Math.max(...logits),
      entropy: -probabilities.reduce((sum, p) => sum + p * Math.log(p), 0),
    };
  });
}

describe.each([undefined, 1.5])('linear cross-entropy with soft cap %s', (softCap) => {
  it('gives the textbook loss, margin and entropy of each token', () => {
    const { given, measures, training } = example(softCap);
    const wanted = [training.loss, measures.losses, measures.margins, measures.entropies];
    const results = evaluate(wanted, (name) => given[name]!);
    const rows = expected(given, softCap);
    expect(results[0]![0]).toBeCloseTo(rows.reduce((sum, row) => sum + row.loss, 0) / tokens, 6);
    for (const [index, row] of rows.entries()) {
      expect(results[1]![index]).toBeCloseTo(row.loss, 6);
      expect(results[2]![index]).toBeCloseTo(row.margin, 6);
      expect(results[3]![index]).toBeCloseTo(row.entropy, 6);
    }
  });

  it('gives the gradients that finite differences give', () => {
    const { given, head, training } = example(softCap);
    const gradients = evaluate(backward(training.loss, [head.hidden, head.weight]), (name) => given[name]!);
    for (const [index, name] of ['hidden', 'weight'].entries()) {
      const data = given[name]!;
      for (let place = 0; place < data.length; place++) {
        const original = data[place]!;
        const lossAt = (value: number) => {
          data[place] = value;
          return evaluate([training.loss], (key) => given[key]!)[0]![0]!;
        };
        const difference = (lossAt(original + 1e-5) - lossAt(original - 1e-5)) / 2e-5;
        data[place] = original;
        expect(gradients[index]![place]).toBeCloseTo(difference, 5);
      }
    }
  });
});
