import { expect, it } from 'vitest';
import { rate } from './words.ts';

it('says rates with as many digits as mean something', () => {
  expect([123_456.7, 512.3, 42.4, 3.456, 0.3435].map(rate)).toEqual(['123,457', '512', '42', '3.5', '0.34']);
});
