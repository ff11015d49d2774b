/** Rows of a text that training would not see whole, each with its line, so that a person can go and look. */
import type { Verdict } from '../../../src-preload/contract/endpoints/plans.ts';
import { readDocuments } from '../../engine/text/documents/documents.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import type { HyperfitRequest } from '../runs/hyperfit-run.ts';

/** Told with their lines; the others are counted. */
const ROWS_TOLD = 20;

/** Tokenizes every row. */
export async function findRowProblems(
  { data, columns, recipe }: Pick<HyperfitRequest, 'data' | 'columns' | 'recipe'>,
  { beginning, encode }: Tokenizer,
  signal: AbortSignal,
): Promise<Verdict['rows']> {
  const { documents } = await readDocuments(data, columns);
  const { windowLength, windowsPerDocument } = recipe;
  const room = windowLength - beginning.length;
  const rows: { line: number; problem: string }[] = [];
  for (const { text, line } of documents) {
    signal.throwIfAborted();
    const tokens = encode(text).length;
    if (tokens < room)
      rows.push({ line, problem: `has ${tokens} tokens, fewer than a piece of ${room}: it is left out` });
    else if (windowsPerDocument === 'first' && tokens > room)
      rows.push({ line, problem: `has ${tokens} tokens, of which the first ${room} are used` });
  }
  return { count: rows.length, first: rows.slice(0, ROWS_TOLD) };
}
