import { expect, it } from 'vitest';
import { evaluate } from '../../graph/evaluate.ts';
import { numbers } from '../../graph/expressions.suite.ts';
import { buildGraph } from '../../graph/graph.ts';
import { input, matmul, reshape, softmax } from '../../graph/ops.ts';
import { openRuntime } from '../open-runtime.ts';
import { lowerToTensorFlow } from './lowering.ts';
import { openNativeLibrary } from './native-library.ts';
import { packHere, whyNoPack } from './pack.suite.ts';
import { roundedProducts } from './rounded-products.ts';
import { TensorFlowRuntime } from './tensorflow-runtime.ts';

const [x, weight] = [input('x', [64, 96]), input('weight', [128, 96])];
const product = matmul(x, weight, { transposeB: true });

it('rounds large products, but no small ones, stacks of them, or those that probabilities come from', () => {
  const thin = matmul(x, input('thin', [96, 16]));
  const stacked = matmul(reshape(x, [2, 64, 48]), input('stack', [2, 48, 64]));
  const logits = matmul(product, input('head', [300, 128]), { transposeB: true });
  const graph = buildGraph({ product, low: thin, stacked, probabilities: softmax(logits) });
  expect([...roundedProducts(graph)]).toEqual([product]);
});

it('rounds only where that is asked for', () => {
  const graph = buildGraph({ product });
  const operations = (...asked: ['bfloat16'?]) =>
    lowerToTensorFlow(graph, false, ...asked).instructions.map(({ operation }) => operation);
  expect(operations()).toEqual(['MatMul']);
  expect(operations('bfloat16')).toEqual(['Cast', 'Cast', 'MatMul', 'Cast']);
});

it('is refused by runtimes that round nothing', async () => {
  await expect(openRuntime('cpu', { products: 'bfloat16' })).rejects.toMatchObject({ code: 'bad-argument' });
});

if (packHere === undefined) it.skip(`computes rounded products: ${whyNoPack}`, () => {});
else {
  const pack = packHere;
  it('computes rounded products to about three digits, the same again', async () => {
    const runtime = new TensorFlowRuntime(openNativeLibrary(pack), 'bfloat16');
    const given = { x: numbers([64, 96], 1), weight: numbers([128, 96], 2) };
    const program = await runtime.compile(buildGraph({ product }));
    const tensors = {
      x: runtime.upload(given.x, x.shape),
      weight: runtime.upload(given.weight, weight.shape),
    };
    const results = [await program.run(tensors), await program.run(tensors)];
    const [first, again] = await Promise.all(results.map(({ product }) => product!.read()));
    expect(again).toEqual(first);
    const [exact] = evaluate([product], (name) => given[name as keyof typeof given]);
    const largest = Math.max(...exact!.map(Math.abs));
    const errors = exact!.map((number, place) => Math.abs(first![place]! - number) / largest);
    expect(Math.max(...errors)).toBeLessThan(0.01);
    expect(Math.max(...errors)).toBeGreaterThan(1e-5);
  });
}
