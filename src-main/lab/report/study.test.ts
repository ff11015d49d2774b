import { describe, expect, it } from 'vitest';
import type { Figure, Showing } from '../../../src-preload/contract/exhibits.ts';
import { renderStudy, type StudyPart } from './study.ts';

const HOSTILE = '<img src=x onerror=alert(1)> & "quoted" \u202e';
const figure: Figure = {
  kind: 'figure',
  title: `Figure ${HOSTILE}`,
  summary: `Summary ${HOSTILE}`,
  shape: 'lines',
  xName: `x ${HOSTILE}`,
  yName: 'y',
  categories: null,
  isXLogarithmic: false,
  series: [
    {
      name: HOSTILE,
      source: null,
      points: [
        [1, 0.5],
        [2, null],
        [3, 0.25],
      ],
      band: [
        [0.4, 0.6],
        [0, 0],
        [0.2, 0.3],
      ],
    },
    { name: 'theirs', source: `Someone ${HOSTILE}`, points: [[1, 0.7]], band: null },
  ],
  note: HOSTILE,
};
const showing: Showing = {
  findings: [`Found ${HOSTILE}`],
  exhibits: [
    figure,
    { ...figure, shape: 'bars', categories: [HOSTILE, 'b', 'c', 'd'] },
    {
      kind: 'table',
      title: HOSTILE,
      columns: [
        { name: HOSTILE, term: HOSTILE, help: HOSTILE },
        { name: 'TTR', term: null, help: '' },
      ],
      rows: [
        { name: HOSTILE, source: null, cells: [0.123456] },
        { name: 'theirs', source: HOSTILE, cells: [HOSTILE] },
      ],
      note: HOSTILE,
    },
    {
      kind: 'passages',
      title: HOSTILE,
      note: null,
      passages: [{ before: HOSTILE, marked: HOSTILE, after: HOSTILE, remark: HOSTILE }],
    },
  ],
  definitions: [
    { term: HOSTILE, text: HOSTILE, source: null },
    { term: 'Their term', text: 'as they say', source: HOSTILE },
  ],
};
const part: StudyPart = {
  ...{ name: HOSTILE, title: 'Where the words come from', created: '2026-01-02T03:04:05.000Z', showing },
  again: { command: `npm run lab -- analyse rank-origin --inputs '${HOSTILE}'` },
  seed: 7,
};
const html = renderStudy({ title: HOSTILE, parts: [part], facts: { 'Hyperfit Lab': HOSTILE } });

describe('a study', () => {
  it('shows all text as text, in figures too', () => {
    expect(html).not.toContain('<img');
    expect(html).not.toMatch(/<script/);
    expect(html.match(/&(#60|lt);img/g)!.length).toBeGreaterThan(20);
  });

  it('needs nothing from anywhere', () => {
    expect(html).toContain("default-src 'none'");
    expect(html.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:|url\((?!#)/);
  });

  it('draws what others report dashed, and says whose it is', () => {
    expect(html).toMatch(/stroke-dasharray/);
    expect(html).toContain('<tr class="reported">');
    expect(html).toContain('Dashed and in italics');
  });

  it('tells the lab’s own readings from definitions that a source gives', () => {
    expect(html.match(/The lab’s own reading/g)).toHaveLength(1);
    expect(html.match(/Defined so by/g)).toHaveLength(1);
  });

  it('has the command, the seed and the date; in words where there is no command', () => {
    expect(html).toContain('npm run lab -- analyse rank-origin --inputs &#39;');
    expect(html).toContain('seed 7');
    expect(html).toContain('2026-01-02 03:04');
    const gone = { ...part, again: { problem: 'The run is gone.' } };
    expect(renderStudy({ title: '', parts: [gone], facts: {} })).toContain(
      'no command for it: The run is gone.',
    );
  });

  it('is drawn where nothing was measured yet', () => {
    const empty: Figure = { ...figure, series: [] };
    const nothing = { ...part, showing: { findings: [], exhibits: [empty], definitions: [] } };
    expect(renderStudy({ title: '', parts: [nothing], facts: {} })).toContain('<svg');
  });
});
