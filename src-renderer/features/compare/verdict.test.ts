import { describe, expect, it } from 'vitest';
import { verdict } from './verdict.ts';

const circling = { depths: [0, 0, 1, 1, 2] };
const fresh = { depths: [0, 0, 0, 0, 1] };
const before = { name: 'Before', texts: [circling, fresh], measures: { ttr: 0.3, rep2: 0.6 } };
const after = { name: 'After', texts: [fresh, fresh], measures: { ttr: 0.5, rep2: 0.1 } };

describe('the verdict', () => {
  it('counts the texts that go round in circles, and says what changed beside the first', () => {
    expect(verdict([before, after])).toEqual([
      'Before: 1 of 2 texts go round in circles (a third or more of it came before).',
      'After: no text goes round in circles.',
      'Beside Before, After repeats itself less and uses more different words.',
    ]);
  });

  it('says what got worse, and nothing of what hardly changed', () => {
    const sentences = verdict([after, before, { ...after, name: 'Again' }]);
    expect(sentences.slice(3)).toEqual([
      'Beside After, Before repeats itself more and uses fewer different words.',
    ]);
  });

  it('waits for arms that are not complete', () => {
    expect(verdict([{ ...before, measures: null }, after])).toEqual([
      'After: no text goes round in circles.',
    ]);
  });
});
