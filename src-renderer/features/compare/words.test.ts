import { expect, it } from 'vitest';
import { armSchema } from '../../../src-preload/contract/endpoints/comparison.ts';
import { missingWords } from './words.ts';

const arms = ['Before', 'After', 'Sea'].map((name) =>
  armSchema.parse({ name, modelFolder: '/tiny', run: null, checkpoint: null }),
);

it('says what is missing of a comparison', () => {
  expect(missingWords(arms, [true, true, true])).toBe('');
  expect(missingWords(arms, [true, false, false])).toBe(
    'Complete: 1 of 3 who write. Missing, whole or in part: \u2068After\u2069; \u2068Sea\u2069.',
  );
  expect(missingWords(arms, [])).toBe('No one has written all texts yet.');
});
