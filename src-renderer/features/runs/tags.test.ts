import { describe, expect, it } from 'vitest';
import { tagsFrom } from './tags.ts';

describe('tags', () => {
  it('stand between commas, each once', () => {
    expect(tagsFrom(' paper, sea ,,paper')).toEqual(['paper', 'sea']);
    expect(tagsFrom('  ')).toEqual([]);
  });

  it('are refused in words when they are too long or too many', () => {
    expect(() => tagsFrom('x'.repeat(41))).toThrow(/40 letters/);
    const many = Array.from({ length: 21 }, (_, place) => `tag ${place}`);
    expect(() => tagsFrom(many.join(','))).toThrow(/21/);
  });
});
