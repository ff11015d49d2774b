import { expect, it } from 'vitest';
import { MARKED_RUN } from '../../src-preload/contract/endpoints/comparison.ts';
import { repetitionDepth } from '../engine/analysis/diversity/repetition.ts';
import type { ArmResult } from '../lab/comparison/compare.ts';
import { showComparison } from './side-by-side.ts';

/** Token ids are the places of pieces in the order in which they first come. */
function arm(name: string, pieces: readonly string[]): ArmResult {
  const known = [...new Set(pieces)];
  const tokens = pieces.map((piece) => known.indexOf(piece));
  const shared = {
    model: 'm',
    adapter: null,
    decoding: 'greedy',
    weights: 'float32' as const,
    measures: { ttr: { value: 0.5, difference: null } },
    overlaps: null,
  };
  const depths = repetitionDepth(tokens, MARKED_RUN);
  return { ...shared, name, texts: [{ tokens, pieces: [...pieces], depths }] };
}

it('puts texts in columns, breaks between words, and brackets what comes again', () => {
  const looping = arm('Before', [' the', ' sea', ' was', ' cal', 'm', ' the', ' sea', ' was', ' cal', 'm']);
  const free = arm('After', [' she', ' wait', 'ed', ' for', ' the', ' fish', 'er', 'man']);
  const shown = showComparison({ prompts: ['Once'], arms: [looping, free] }, 53);
  expect(shown.split('\n').slice(0, 6)).toEqual([
    'Before                    │  After',
    '',
    '▸ Once',
    'the sea was calm [the     │  she waited for the',
    'sea was calm]             │  fisherman',
    '',
  ]);
});
