import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GREEDY, type Vote } from '../../../src-preload/contract/endpoints/comparison.ts';
import { ComparisonStore } from '../../store/comparison-store.ts';
import { type Connection, openDatabase } from '../../store/database.ts';
import { VoteStore } from '../../store/vote-store.ts';
import { countVotes, Votes } from './votes.ts';

const vote = (changes: Partial<Vote> = {}): Vote => ({
  ...{ voter: 'Ada', prompt: 0, left: 0, right: 1, choice: 'left', ...changes },
});

describe('votes that are counted', () => {
  it('go to who was preferred, wherever that stood', () => {
    const { tallies } = countVotes([
      vote({ prompt: 0, choice: 'left' }),
      vote({ prompt: 1, left: 1, right: 0, choice: 'right' }),
      vote({ prompt: 2, left: 1, right: 0, choice: 'left' }),
      vote({ prompt: 3, choice: 'tie' }),
      vote({ prompt: 4, left: 1, right: 0, choice: 'both bad' }),
    ]);
    expect(tallies).toEqual([
      {
        ...{ first: 0, second: 1, firstPreferred: 2, secondPreferred: 1, ties: 1, bothBad: 1 },
        share: { value: 2 / 3, low: expect.closeTo(0.0943, 4), high: expect.closeTo(0.9916, 4) },
        p: 1,
      },
    ]);
  });

  it('stand by pairs, the human last; without a preference there is no share', () => {
    const { tallies } = countVotes([
      vote({ left: 'human', right: 2, choice: 'left' }),
      vote({ left: 'human', right: 0, choice: 'tie' }),
      vote({ left: 2, right: 0, choice: 'tie' }),
    ]);
    expect(
      tallies.map(({ first, second, secondPreferred, share, p }) => [
        first,
        second,
        secondPreferred,
        share === null,
        p,
      ]),
    ).toEqual([
      [0, 2, 0, true, null],
      [0, 'human', 0, true, null],
      [2, 'human', 1, false, 1],
    ]);
  });

  it('tell how far people agree on the same two texts, whichever they saw left', () => {
    const both = (choices: Vote['choice'][], turned: Vote['choice'][]) => [
      ...choices.map((choice, prompt) => vote({ prompt, choice })),
      ...turned.map((choice, prompt) => vote({ voter: 'Ben', prompt, left: 1, right: 0, choice })),
    ];
    expect(countVotes(both(['left', 'right'], ['right', 'left'])).agreement).toBe(1);
    expect(countVotes(both(['left', 'right'], ['left', 'right'])).agreement).toBeLessThan(0);
    expect(countVotes([vote()]).agreement).toBeNull();
  });
});

describe('votes that are kept', () => {
  let database: Connection;
  let votes: Votes;
  let id: number;
  beforeEach(() => {
    database = openDatabase(':memory:');
    const store = new ComparisonStore(database);
    const arm = { name: 'a', modelFolder: '/m', run: null, checkpoint: null, decoding: GREEDY };
    const request = { arms: [arm, arm], prompts: ['one', 'two'], references: ['and on'], maxNewTokens: 1 };
    id = store.add('', request, { outcome: 'finished', error: null });
    votes = new Votes(store, new VoteStore(database));
  });
  afterEach(() => database.close());

  it("replace the same voter's on the same two texts", () => {
    votes.put(id, vote({ choice: 'left' }));
    votes.put(id, vote({ voter: 'Ben', choice: 'tie' }));
    votes.put(id, vote({ left: 1, right: 0, choice: 'left' }));
    votes.put(id, vote({ prompt: 1, choice: 'left' }));
    expect(votes.show(id).votes).toEqual([
      vote({ voter: 'Ben', choice: 'tie' }),
      vote({ left: 1, right: 0, choice: 'left' }),
      vote({ prompt: 1, choice: 'left' }),
    ]);
  });

  it('are on texts that there are', () => {
    votes.put(id, vote({ right: 'human' }));
    for (const wrong of [{ prompt: 2 }, { right: 2 }, { right: 0 }, { prompt: 1, right: 'human' }] as const)
      expect(() => votes.put(id, vote(wrong))).toThrow('no such two texts');
    expect(votes.show(id).votes).toEqual([vote({ right: 'human' })]);
    expect(() => votes.show(9)).toThrow('no such comparison');
  });
});
