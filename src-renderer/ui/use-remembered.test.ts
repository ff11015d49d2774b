import { expect, it } from 'vitest';
import { z } from 'zod';
import { readRemembered } from './use-remembered.ts';

const schema = z.object({ shared: z.boolean() });
const usual = { shared: true };

it('is what was kept, or as usual where that cannot be read', () => {
  expect(readRemembered('{"shared":false}', schema, usual)).toEqual({ shared: false });
  for (const kept of ['', '{"shared":1}', '[', 'null'])
    expect(readRemembered(kept, schema, usual)).toBe(usual);
});
