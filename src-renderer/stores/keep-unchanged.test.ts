import { expect, it } from 'vitest';
import { keepUnchanged } from './keep-unchanged.ts';

it('gives the same object for what has not changed, and the new one for what has', () => {
  const before = [
    { id: 1, tags: ['sea'], live: null },
    { id: 2, tags: [], live: { share: 0.1 } },
  ];
  const now = [
    { id: 3, tags: [], live: null },
    { id: 2, tags: [], live: { share: 0.2 } },
    { id: 1, tags: ['sea'], live: null },
  ];
  const kept = keepUnchanged<(typeof now)[number] | (typeof before)[number]>(before, now);
  expect(kept).toEqual(now);
  expect([kept[0] === now[0], kept[1] === now[1], kept[2] === before[0]]).toEqual([true, true, true]);
});
