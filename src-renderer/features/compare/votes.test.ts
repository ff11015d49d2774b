import { describe, expect, it } from 'vitest';
import type { Tally } from '../../../src-preload/contract/endpoints/comparison.ts';
import { agreementWords, tallyWords } from './votes.ts';

const clear: Tally = {
  first: 0,
  second: 1,
  firstPreferred: 1,
  secondPreferred: 9,
  ties: 2,
  bothBad: 0,
  share: { value: 0.1, low: 0.0025, high: 0.445 },
  p: 0.0217,
};

describe('what votes come to', () => {
  it('counts preferred and equal apart, with the test in words', () => {
    expect(tallyWords(clear, 'Before', 'After')).toEqual([
      'Preferred: Before once, After 9 times.',
      'No preference 2 times: equally good 2 times, both bad never.',
      'Of 10 votes with a preference, 10 % are for Before (95 % interval: 0 % to 45 %).',
      'That is more than chance: were both liked alike, a result this clear would come up in 2 of 100 such votes (exact binomial test, p = 0.022).',
    ]);
  });

  it('says where it may be chance, and says nothing of what nobody preferred', () => {
    expect(tallyWords({ ...clear, p: 1 }, 'Before', 'After')[3]).toMatch(/^That may be chance/);
    const none = { ...clear, firstPreferred: 0, secondPreferred: 0, share: null, p: null };
    expect(tallyWords(none, 'Before', 'After')).toHaveLength(2);
  });

  it('tells how far voters agree, where several voted', () => {
    expect(agreementWords({ agreement: null })).toBe('');
    expect(agreementWords({ agreement: 0.9 })).toMatch(/agree well .*0\.90/);
    expect(agreementWords({ agreement: -0.1 })).toMatch(/hardly agree/);
  });
});
