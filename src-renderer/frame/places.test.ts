import { expect, it } from 'vitest';
import { placeOfPath } from './places.ts';

it('knows which screen an address belongs to', () => {
  expect(['/', '/runs', '/runs/12', '/nowhere'].map((path) => placeOfPath(path)?.title)).toEqual([
    'Home',
    'Runs',
    'Runs',
    undefined,
  ]);
});
