import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LICENCES, packagesInside } from './licences.ts';

it('names every package that comes with the lab, in the version that comes', () => {
  const text = readFileSync(LICENCES, 'utf8');
  const missing = packagesInside().filter(({ title }) => !text.includes(title));
  expect(missing, 'npm run licences writes the list anew').toEqual([]);
});
