import { expect, it } from 'vitest';
import { trainingComputingFor } from './computing.ts';

it('trains with rounded products where that is set and the runtime has them', () => {
  const asSet = { products: 'bfloat16' } as const;
  const [tensorflow, cpu] = (['tensorflow', 'cpu'] as const).map((runtime) => ({ runtime, threads: 2 }));
  expect(trainingComputingFor(asSet, tensorflow!)).toEqual({ ...tensorflow, products: 'bfloat16' });
  expect(trainingComputingFor(asSet, cpu!)).toEqual(cpu);
  expect(trainingComputingFor({ products: 'float32' }, tensorflow!)).toEqual(tensorflow);
});
