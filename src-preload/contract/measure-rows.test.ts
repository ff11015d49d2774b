import { describe, expect, it } from 'vitest';
import { measureRows } from './measure-rows.ts';

const first = { ttr: { value: 0.31, difference: null }, tokens: { value: 120.4, difference: null } };
const other = {
  ttr: { value: 0.5, difference: { value: 0.19, low: 0.1, high: 0.25 } },
  tokens: { value: 118, difference: { value: -2.4, low: -6, high: 1 } },
};

describe('the table of measures', () => {
  it('has each value, and how it differs from the first with its interval', () => {
    const [ttr, tokens] = measureRows([first, other]);
    expect(ttr).toMatchObject({ name: 'Different tokens', term: 'TTR' });
    expect(ttr?.cells).toEqual([
      { value: '0.310', difference: '', mayBeChance: undefined },
      { value: '0.500', difference: '+0.190 (+0.100 to +0.250)', mayBeChance: false },
    ]);
    expect(tokens?.cells[1]).toEqual({ value: '118', difference: '−2 (−6 to +1)', mayBeChance: true });
  });

  it('leaves a place for arms that are not complete, and shows measures that it knows no words for', () => {
    const rows = measureRows([null, { ...first, novelty: { value: 12_345.6, difference: null } }]);
    expect(rows.map(({ name }) => name)).toEqual(['Different tokens', 'Length', 'novelty']);
    expect(rows.at(-1)?.cells.map(({ value }) => value)).toEqual(['–', '12,346']);
  });

  it('is empty where nothing is measured', () => {
    expect(measureRows([null, null])).toEqual([]);
  });
});
