import { expect, it } from 'vitest';
import { type Decoding, decodingSchema } from '../../../src-preload/contract/endpoints/comparison.ts';
import { decodingSchema as engineSchema } from '../../engine/generation/decoding.ts';

it('an arm is asked for by the same settings that the engine takes, with the same defaults and limits', () => {
  // Either way it would not type-check where a field is missing.
  const asked: Decoding = engineSchema.parse({});
  expect(engineSchema.parse(decodingSchema.parse({}))).toEqual(asked);
  expect(Object.keys(decodingSchema.shape)).toEqual(Object.keys(engineSchema.shape));
  for (const field of Object.keys(decodingSchema.shape))
    for (const value of [-1, 0, 0.5, 1, 1.5, 2, 'greedy', 'sample', true]) {
      const given = { [field]: value };
      expect([given, decodingSchema.safeParse(given).success]).toEqual([
        given,
        engineSchema.safeParse(given).success,
      ]);
    }
});
