import { describe, expect, it } from 'vitest';
import { GREEDY } from '../../engine/generation/decoding.ts';
import { parseArm } from './arms.ts';

const MODEL = 'resources/starter-model';

describe('an arm', () => {
  it('is a model that writes greedily with full weights, if nothing else is said', async () => {
    expect(await parseArm(MODEL)).toEqual({
      name: 'starter-model · greedy',
      ...{ model: MODEL, adapter: null, decoding: GREEDY, weights: 'float32' },
    });
  });

  it('says among the words of decoding how its weights are kept', async () => {
    expect(await parseArm(`${MODEL}@8-bit`)).toMatchObject({ decoding: GREEDY, weights: '8-bit' });
    expect(await parseArm(`${MODEL}@top-p=0.9, 4-bit`)).toMatchObject({
      name: 'starter-model · temperature=1,top-p=0.9, 4-bit weights',
      decoding: { strategy: 'sample', topP: 0.9 },
      weights: '4-bit',
    });
  });

  it('refuses two ways to keep weights', async () => {
    await expect(parseArm(`${MODEL}@8-bit,4-bit`)).rejects.toThrow('says twice how its weights are kept');
  });
});
