import { expect, it } from 'vitest';
import { measuredModel, rate } from './words.ts';

it('says rates with as many digits as mean something', () => {
  expect([123_456.7, 512.3, 42.4, 3.456, 0.3435].map(rate)).toEqual(['123,457', '512', '42', '3.5', '0.34']);
});

it('says what was measured with, even where that is not in the list any more', () => {
  const models = [{ folder: '/models/gull', name: 'Gull' }];
  expect(measuredModel(null, models)).toBe('a small model, the same everywhere');
  expect(measuredModel('/models/gull', models)).toBe('Gull');
  expect(measuredModel('/models/tern', models)).toBe('/models/tern');
});
