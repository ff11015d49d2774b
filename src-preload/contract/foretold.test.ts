import { expect, it } from 'vitest';
import { bytes } from './amount-words.ts';
import { foretoldRows } from './foretold.ts';

it('holds what was thought against what was', () => {
  const thought = { memoryBytes: 1e9, seconds: 600, diskBytes: 5e6 };
  expect(foretoldRows(thought, { memoryBytes: 1.1e9, seconds: 300, diskBytes: 5e6 })).toEqual([
    { name: 'Time', thought: 'about 10 min', was: '5 min', difference: '50\u00a0% less than thought' },
    {
      ...{ name: 'Memory at most', thought: `about ${bytes(1e9)}`, was: bytes(1.1e9) },
      difference: '10\u00a0% more than thought',
    },
    {
      ...{ name: 'Room on the disk at most', thought: `about ${bytes(5e6)}`, was: bytes(5e6) },
      difference: 'as thought',
    },
  ]);
});

it('says nothing of what nobody foretold, and waits for what is not measured', () => {
  const nothing = { memoryBytes: null, seconds: null, diskBytes: null };
  expect(foretoldRows(nothing, { memoryBytes: 1, seconds: 1, diskBytes: 1 })).toEqual([]);
  expect(foretoldRows({ ...nothing, seconds: 60 }, nothing)).toEqual([
    { name: 'Time', thought: 'about 1 min', was: 'not known yet', difference: '' },
  ]);
});
