import { describe, expect, it } from 'vitest';
import { alike, ballots, voteOn } from './blind.ts';

const pair = { first: 0, second: 'human' } as const;
const all = () => true;

describe('a blind vote', () => {
  it('has a ballot for each beginning of which both texts are there', () => {
    const prompts = ballots('Ada', pair, 20, (writer, prompt) => writer !== 'human' || prompt % 2 === 0).map(
      ({ prompt }) => prompt,
    );
    expect([...prompts].sort((one, other) => one - other)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });

  it('shuffles sides and beginnings, for each voter in another way', () => {
    const ada = ballots('Ada', pair, 200, all);
    const lefts = ada.filter(({ left }) => left === 0).length;
    expect(lefts).toBeGreaterThan(70);
    expect(lefts).toBeLessThan(130);
    expect(ada.map(({ prompt }) => prompt)).not.toEqual(ada.map((_, place) => place));
    expect(ballots('Bob', pair, 200, all)).not.toEqual(ada);
  });

  it('goes on as it began, also where the pair was chosen the other way round', () => {
    const ada = ballots('Ada', pair, 50, all);
    expect(ballots(' Ada ', pair, 50, all)).toEqual(ada);
    const turned = ballots('Ada', { first: 'human', second: 0 }, 50, all);
    expect(turned.map(({ prompt }) => prompt)).toEqual(ada.map(({ prompt }) => prompt));
  });

  it('finds what a voter has said, on whichever side it stood', () => {
    const vote = { voter: 'Ada', prompt: 3, left: 'human', right: 0, choice: 'left' } as const;
    const ballot = { prompt: 3, left: 0, right: 'human' } as const;
    expect(voteOn(ballot, 'Ada ', [vote])).toBe(vote);
    expect(voteOn({ ...ballot, prompt: 4 }, 'Ada', [vote])).toBeUndefined();
    expect(voteOn({ ...ballot, left: 1 }, 'Ada', [vote])).toBeUndefined();
    expect(voteOn(ballot, 'Bob', [vote])).toBeUndefined();
  });

  it('shows both texts in one length', () => {
    expect(alike([' The sea was grey.', 'A boat\nsailed'])).toEqual(['The sea was …', 'A boat\nsailed …']);
    expect(alike(['', 'A boat'])).toEqual([' …', ' …']);
  });
});
