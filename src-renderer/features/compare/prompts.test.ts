import { describe, expect, it } from 'vitest';
import { beginningsOf, promptsOf } from './prompts.ts';

describe('beginnings', () => {
  it('are typed one a line, and empty lines are none', () => {
    expect(promptsOf({ typed: 'The sea\r\n\n  \nA boat', taken: null })).toEqual(['The sea', 'A boat']);
  });

  it('of one line each can be typed on', () => {
    const prompts = ['The sea', 'A boat'];
    expect(beginningsOf({ from: 'a file', prompts, references: [] })).toEqual({
      typed: 'The sea\nA boat',
      taken: null,
    });
  });

  it('of several lines, or with how they go on, stay as they are', () => {
    for (const taken of [
      { from: 'a file', prompts: ['The sea\nwas grey'], references: [] },
      { from: 'a run', prompts: ['The sea'], references: [' was grey'] },
    ]) {
      const beginnings = beginningsOf(taken);
      expect(beginnings.taken).toEqual(taken);
      expect(promptsOf(beginnings)).toEqual(taken.prompts);
    }
  });
});
