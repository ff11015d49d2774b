/** What people thought of texts, two at a time. Who wrote them is named as the comparison names it: an arm's place, or "human". */
import { z } from 'zod';
import type { Connection } from './database.ts';

const rowsSchema = z.array(
  z.object({
    voter: z.string(),
    prompt: z.number(),
    left_arm: z.string(),
    right_arm: z.string(),
    choice: z.enum(['left', 'right', 'tie', 'both bad']),
  }),
);

export interface StoredVote {
  readonly voter: string;
  readonly prompt: number;
  readonly left: string;
  readonly right: string;
  readonly choice: 'left' | 'right' | 'tie' | 'both bad';
}

export class VoteStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** In the order in which they were given. */
  list(comparison: number): StoredVote[] {
    const rows = this.#database
      .prepare(
        'SELECT voter, prompt, left_arm, right_arm, choice FROM votes WHERE comparison = ? ORDER BY id',
      )
      .all(comparison);
    return rowsSchema
      .parse(rows)
      .map(({ left_arm: left, right_arm: right, ...vote }) => ({ ...vote, left, right }));
  }

  /** A voter's vote on the same two texts, whichever stood left, is replaced. */
  put(comparison: number, { voter, prompt, left, right, choice }: StoredVote): void {
    this.#database.transaction(() => {
      this.#database
        .prepare(
          `DELETE FROM votes WHERE comparison = @comparison AND voter = @voter AND prompt = @prompt
           AND ((left_arm = @left AND right_arm = @right) OR (left_arm = @right AND right_arm = @left))`,
        )
        .run({ comparison, voter, prompt, left, right });
      this.#database
        .prepare(
          `INSERT INTO votes (comparison, voter, prompt, left_arm, right_arm, choice, voted)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(comparison, voter, prompt, left, right, choice, new Date().toISOString());
    })();
  }
}
