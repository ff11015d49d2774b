/** Votes of people who did not know who wrote what, and what they come to. */
import type {
  ComparisonRequest,
  comparisonContract,
  Tally,
  Vote,
  Votes as VotesShown,
  Writer,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import { binomialTest, clopperPearson } from '../../engine/analysis/statistics/binomial.ts';
import { krippendorffAlpha } from '../../engine/analysis/statistics/krippendorff.ts';
import { LabError } from '../../engine/errors.ts';
import type { ComparisonStore } from '../../store/comparison-store.ts';
import type { VoteStore } from '../../store/vote-store.ts';
import { findKept } from './written.ts';

type Answered = 'comparisons.votes' | 'comparisons.vote';

export class Votes {
  readonly answers: Answers<Pick<typeof comparisonContract, Answered>>;
  readonly #comparisons: ComparisonStore;
  readonly #votes: VoteStore;

  constructor(comparisons: ComparisonStore, votes: VoteStore) {
    this.#comparisons = comparisons;
    this.#votes = votes;
    this.answers = {
      'comparisons.votes': ({ comparison }) => this.show(comparison),
      'comparisons.vote': ({ comparison, vote }) => {
        this.put(comparison, vote);
        return this.show(comparison);
      },
    };
  }

  show(comparison: number): VotesShown {
    findKept(this.#comparisons, comparison);
    const votes = this.#votes
      .list(comparison)
      .map(({ left, right, ...vote }) => ({ ...vote, left: toWriter(left), right: toWriter(right) }));
    return countVotes(votes);
  }

  /** @throws LabError 'bad-argument' where there is no such text to vote on */
  put(comparison: number, vote: Vote): void {
    check(vote, findKept(this.#comparisons, comparison).request);
    this.#votes.put(comparison, { ...vote, left: String(vote.left), right: String(vote.right) });
  }
}

function toWriter(name: string): Writer {
  return name === 'human' ? name : Number(name);
}

function check({ prompt, left, right }: Vote, { arms, prompts, references }: ComparisonRequest): void {
  const isThere = (writer: Writer) =>
    writer === 'human' ? references[prompt] !== undefined : writer < arms.length;
  if (prompt >= prompts.length || left === right || !isThere(left) || !isThere(right))
    throw new LabError('bad-argument', 'There are no such two texts to vote on.', { prompt, left, right });
}

/** Each vote as if the same of the two stood left. */
interface Normalised {
  readonly first: Writer;
  readonly second: Writer;
  readonly prompt: number;
  readonly preferred: 'first' | 'second' | 'tie' | 'both bad';
}

/** Arms by their places, the human last. */
export function countVotes(votes: readonly Vote[]): VotesShown {
  const normalised = votes.map(normalise);
  const pairs = Map.groupBy(normalised, ({ first, second }) => `${first} ${second}`);
  const judged = Map.groupBy(normalised, ({ first, second, prompt }) => `${first} ${second} ${prompt}`);
  return {
    votes: [...votes],
    tallies: [...pairs.values()].map(tally).sort((one, other) => compareTallies(one, other)),
    agreement: krippendorffAlpha(
      [...judged.values()].map((given) => given.map(({ preferred }) => preferred)),
    ),
  };
}

function normalise({ left, right, prompt, choice }: Vote): Normalised {
  const isTurned = rankOf(left) > rankOf(right);
  const [first, second] = isTurned ? [right, left] : [left, right];
  if (choice === 'tie' || choice === 'both bad') return { first, second, prompt, preferred: choice };
  return { first, second, prompt, preferred: (choice === 'left') !== isTurned ? 'first' : 'second' };
}

function tally(votes: readonly Normalised[]): Tally {
  const { first, second } = votes[0]!;
  const count = (preferred: Normalised['preferred']) =>
    votes.filter((vote) => vote.preferred === preferred).length;
  const [firstPreferred, secondPreferred] = [count('first'), count('second')];
  const preferring = firstPreferred + secondPreferred;
  return {
    ...{ first, second, firstPreferred, secondPreferred },
    ties: count('tie'),
    bothBad: count('both bad'),
    share:
      preferring === 0
        ? null
        : { value: firstPreferred / preferring, ...clopperPearson(firstPreferred, preferring) },
    p: preferring === 0 ? null : binomialTest(firstPreferred, preferring),
  };
}

function compareTallies(one: Tally, other: Tally): number {
  return rankOf(one.first) - rankOf(other.first) || rankOf(one.second) - rankOf(other.second);
}

function rankOf(writer: Writer): number {
  return writer === 'human' ? Number.MAX_SAFE_INTEGER : writer;
}
