import path from 'node:path';
import { expect, it } from 'vitest';
import { recognizeArchitecture } from '../architectures/recognize.ts';
import { openModelFolder } from '../formats/model-folder.ts';
import { parseScope } from '../training/scope.ts';
import { planTraining, trainingGraph } from '../training/training-graph.ts';
import { buildGraph } from './graph.ts';
import { add, exp, input, matmul } from './ops.ts';
import { optimize } from './optimize.ts';
import { productOperations } from './product-operations.ts';

it('counts two operations for each number that a product multiplies, whichever way its operands lie', () => {
  const [m, k, n] = [3, 5, 7];
  const product = matmul(input('a', [m, k]), input('b', [k, n]));
  const turned = matmul(input('c', [k, m]), input('d', [n, k]), { transposeA: true, transposeB: true });
  expect(productOperations(buildGraph({ product }))).toBe(2 * m * k * n);
  expect(productOperations(buildGraph({ turned }))).toBe(2 * m * k * n);
  expect(productOperations(buildGraph({ both: add(exp(product), turned) }))).toBe(2 * 2 * m * k * n);
});

it('counts every matrix of a batch, also where one operand serves all', () => {
  const product = matmul(input('a', [4, 2, 3, 5]), input('b', [5, 7]));
  expect(productOperations(buildGraph({ product }))).toBe(4 * 2 * 2 * 3 * 5 * 7);
});

it('counts a product that two results need once', () => {
  const product = matmul(input('a', [3, 5]), input('b', [5, 7]));
  expect(productOperations(buildGraph({ product, more: exp(product) }))).toBe(2 * 3 * 5 * 7);
});

it('finds three passes through every matrix where the whole model learns', async () => {
  const { config, close } = await openModelFolder(
    path.join(import.meta.dirname, '../../../tests/golden/fixtures/llama'),
  );
  await close();
  const architecture = recognizeArchitecture(config);
  const { blocks, width, vocabularySize, heads, headWidth } = architecture.geometry;
  const [batch, length] = [2, 16];
  const plan = planTraining(architecture, parseScope('full', architecture.geometry), {
    ...{ rank: 16, alpha: 32, targetModules: 'all' },
  });
  const counted = productOperations(optimize(trainingGraph(plan, { batch, length }).graph));
  const tokens = batch * length;
  const matrices = blocks * (4 * width ** 2 + 3 * width * 44);
  const attention = blocks * 2 * length * heads * headWidth;
  // The head predicts no token for a window's last; its logits are computed once and go back twice.
  const head = batch * (length - 1) * vocabularySize * width;
  expect(counted).toBe(3 * 2 * (tokens * (matrices + attention) + head));
});
