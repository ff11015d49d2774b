/** How varied the texts are that an experiment has written: the measures that Li et al. 2026 tell in their tables. */
import { z } from 'zod';
import type { Table } from '../../../src-preload/contract/exhibits.ts';
import { MEASURE_WORDS } from '../../../src-preload/contract/measure-words.ts';
import { meanRepetition } from '../../engine/analysis/diversity/repetition.ts';
import { meanTypeTokenRatio } from '../../engine/analysis/diversity/type-token-ratio.ts';

/** Shares, 0 to 1, each a mean over the texts; see engine/analysis/diversity. */
export const varietySchema = z.object({ ttr: z.number(), rep2: z.number(), rep3: z.number() });
export type Variety = z.infer<typeof varietySchema>;

export function varietyOf(texts: readonly (readonly number[])[]): Variety {
  return { ttr: meanTypeTokenRatio(texts), rep2: meanRepetition(texts, 2), rep3: meanRepetition(texts, 3) };
}

export const VARIETY_COLUMNS: Table['columns'] = ['ttr', 'rep2', 'rep3'].map((name) => MEASURE_WORDS[name]!);

export const VARIETY_DEFINITIONS = [
  {
    term: 'Different tokens (TTR)',
    text: 'Different tokens divided by all tokens among the last 96 of each written text, without its beginning; mean over the texts.',
    source: 'the code of Carlsson et al. 2025',
  },
  {
    term: 'Repeated pairs and triples (rep-2, rep-3)',
    text: '1 − different runs of n tokens / all runs of n tokens, per text, then the mean. Texts are written to their full length: the token that ends a text is not allowed. Li et al. 2026 name the measure; their formula is not known here.',
    source: null,
  },
];
