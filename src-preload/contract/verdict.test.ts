import { describe, expect, it } from 'vitest';
import { type JudgedArm, verdict } from './verdict.ts';

const circling = { depths: [0, 0, 1, 1, 2] };
const fresh = { depths: [0, 0, 0, 0, 1] };
const alone = (value: number) => ({ value, difference: null });
const differing = (value: number, low: number, high: number) => ({
  value: 0.5,
  difference: { value, low, high },
});
const before: JudgedArm = {
  name: 'Before',
  texts: [circling, fresh],
  measures: { ttr: alone(0.3), rep2: alone(0.6) },
  overlaps: null,
};
const after: JudgedArm = {
  name: 'After',
  texts: [fresh, fresh],
  measures: { ttr: differing(0.2, 0.1, 0.3), rep2: differing(-0.5, -0.6, -0.4) },
  overlaps: null,
};

describe('the verdict', () => {
  it('counts the texts that go round in circles, and says what changed beside the first', () => {
    expect(verdict([before, after])).toEqual([
      'Before: 1 of 2 texts go round in circles (a third or more of it came before).',
      'After: no text goes round in circles.',
      'Beside Before, After repeats itself less and uses more different words.',
    ]);
  });

  it('says what got worse, and nothing of what may be chance', () => {
    const worse = {
      ...after,
      measures: {
        ttr: differing(-0.1, -0.2, 0.1),
        rep2: differing(0.3, 0.1, 0.4),
        entropy: differing(-1, -2, -0.5),
        perplexity: differing(20, 10, 30),
      },
    };
    expect(verdict([before, worse]).at(-1)).toBe(
      'Beside Before, After repeats itself more, is surer of its next word and is surprised more by other text.',
    );
  });

  it('says where all may be chance', () => {
    const alike = { ...after, measures: { ttr: differing(0.01, -0.1, 0.1) } };
    expect(verdict([before, alike]).at(-1)).toBe(
      'Between Before and After, no difference is larger than chance would make it.',
    );
  });

  it('counts differences of one text, of which chance is not known', () => {
    const one = { ...after, texts: [fresh], measures: { ttr: alone(0.4), rep2: alone(0.59) } };
    expect(verdict([{ ...before, texts: [circling] }, one])).toEqual([
      'Before: its one text goes round in circles (a third or more of it came before).',
      'After: no text goes round in circles.',
      'Beside Before, After uses more different words.',
    ]);
  });

  it('tells of copying and of agreement where they are known', () => {
    const copies = {
      ...after,
      measures: { topOneAgreement: alone(0.714) },
      overlaps: [{ length: 40 }, { length: 3 }],
    };
    const careful = { ...before, overlaps: [{ length: 7 }, { length: 3 }] };
    expect(verdict([careful, copies]).slice(3)).toEqual([
      'Before copies no long passage of the training text: 7 tokens in a row at most.',
      'After copies 16 tokens in a row or more of the training text in 1 of 2 texts; the longest are 40.',
      'After would have chosen the same next word as the first in 71 of 100 places.',
    ]);
  });

  it('waits for arms that are not complete', () => {
    expect(verdict([{ ...before, measures: null }, after])).toEqual([
      'After: no text goes round in circles.',
    ]);
  });
});
