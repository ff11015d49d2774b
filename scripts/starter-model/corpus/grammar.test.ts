import { expect, it } from 'vitest';
import { Random } from '../../../src-main/engine/random.ts';
import { expand, polish } from './grammar.ts';

const random = new Random(1);
const scope = (slot: string) => `<${slot}>`;

it('asks the scope for a slot, and begins it with a capital letter when the slot has one', () => {
  expect(expand('{thing.look} {Thing}', (slot) => slot, random)).toBe('thing.look Thing');
});

it('chooses one part, also of nested parts, and allows an empty part', () => {
  const seen = new Set(Array.from({ length: 100 }, () => expand('a[b|c[d|e {x}]|]f', scope, random)));
  expect([...seen].sort()).toEqual(['abf', 'acdf', 'ace <x>f', 'af']);
});

it('refuses a template that does not close what it opens', () => {
  expect(() => expand('[a|b', scope, random)).toThrow('closing bracket');
  expect(() => expand('a]', scope, random)).toThrow('stray ]');
  expect(() => expand('{hero', scope, random)).toThrow('stray brace');
});

it('polishes articles, speech and spaces', () => {
  expect(polish('A owl waited a hour  for a useful map. "No." said Ben. "Yes." He left. ')).toBe(
    'An owl waited an hour for a useful map. "No," said Ben. "Yes." He left.',
  );
});
