/** What leaves the lab and comes back, with texts that would be something else to a browser, a spreadsheet or a terminal. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ComparisonRequest,
  GREEDY,
  LARGEST_IMPORT,
  MARKED_RUN,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import { repetitionDepth } from '../../engine/analysis/diversity/repetition.ts';
import { ComparisonStore } from '../../store/comparison-store.ts';
import { type Connection, openDatabase } from '../../store/database.ts';
import { VoteStore } from '../../store/vote-store.ts';
import { measureTexts } from './arm-numbers.ts';
import { Exchange } from './exchange.ts';
import { measuresOf } from './measures.ts';
import { Votes } from './votes.ts';
import { readArms, toKept, type WrittenArm } from './written.ts';

const NASTY = ['<script>alert(1)</script>', '=1+1', '@SUM("a",\n1)', '\u202etxt\u0007', 'x'.repeat(10_000)];
const forever = new AbortController().signal;

let database: Connection;
let store: ComparisonStore;
let votes: Votes;
let exchange: Exchange;
beforeEach(() => {
  database = openDatabase(':memory:');
  store = new ComparisonStore(database);
  votes = new Votes(store, new VoteStore(database));
  exchange = new Exchange({ store, votes, shown: (kept) => readArms(store, kept), onChange: () => {} });
});
afterEach(() => database.close());

/** A text whose pieces are given. */
function written(texts: readonly (readonly string[])[]): WrittenArm {
  const known = [...new Set(texts.flat())];
  const tokens = texts.map((pieces) => pieces.map((piece) => known.indexOf(piece)));
  const numbers = { texts: measureTexts(tokens), overlaps: null, heldOut: null, notes: [] };
  return {
    texts: texts.map((pieces, place) => ({
      tokens: tokens[place]!,
      pieces: [...pieces],
      depths: repetitionDepth(tokens[place]!, MARKED_RUN),
    })),
    numbers,
    measures: measuresOf(numbers, numbers),
  };
}

function keep(arms: readonly WrittenArm[], changes: Partial<ComparisonRequest> = {}): number {
  const request: ComparisonRequest = {
    arms: arms.map((_, place) => ({
      name: `<b>Arm ${place}</b>`,
      ...{ modelFolder: '/m', run: null, checkpoint: null, decoding: GREEDY },
    })),
    ...{ prompts: ['=1+1', 'the sea'], references: [], maxNewTokens: 4, seed: 1, ...changes },
  };
  const id = store.add('The <sea>', request, { outcome: 'finished', error: null });
  for (const [place, arm] of arms.entries()) store.saveArm(id, place, arm);
  return id;
}

async function exported(comparison: number, format: 'html' | 'csv' | 'json'): Promise<string> {
  return (await exchange.answers['comparisons.export']({ comparison, format }, forever))!.text;
}
async function imported(text: string, name = 'file.json'): Promise<number> {
  return (await exchange.answers['comparisons.import']({ name, text }, forever))!.comparison;
}

const two = () => [
  written([NASTY, ['a', ' b']]),
  written([['c'], ['a', ' b', ' a', ' b', ' a', ' b', ' a']]),
];

describe('a comparison as a table', () => {
  it('has a row for each prompt and arm, quoted as spreadsheets read it, and no cell that they would compute', async () => {
    const csv = await exported(keep(two()), 'csv');
    const rows = parseCsv(csv);
    expect(rows[0]).toEqual([
      ...['prompt', 'arm', 'complete', 'text', 'tokens', 'ttr', 'rep2', 'rep3', 'selfBleu', 'longestCopied'],
    ]);
    expect(rows).toHaveLength(5);
    expect(rows.every(({ length }) => length === 10)).toBe(true);
    expect(rows.flat().filter((cell) => /^[=+@-]/.test(cell))).toEqual([]);
    expect(rows[1]).toEqual([
      ...["'=1+1", '<b>Arm 0</b>', 'yes', NASTY.join('')],
      '5',
      '1',
      '0',
      '0',
      '0',
      '',
    ]);
    expect(rows[4]!.slice(4, 7).map(Number)).toEqual([7, expect.closeTo(3 / 7, 9), 0.5]);
  });
});

describe('a comparison as a page', () => {
  it('shows texts as texts, without a script', async () => {
    const id = keep(two(), { references: ['<i>on</i>', 'it went'] });
    votes.put(id, { voter: 'Ada', prompt: 0, left: 0, right: 'human', choice: 'left' });
    const html = await exported(id, 'html');
    expect(html).not.toMatch(/<script|<b>|<i>|\ssrc=|href=/);
    expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
    expect(html).toContain('How it really goes on');
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('a b a<mark class="d1"> b a b a</mark>');
  });

  it('of eight arms, a hundred beginnings and 256 tokens is below 10 MB', async () => {
    const texts = Array.from({ length: 100 }, (_, prompt) =>
      Array.from({ length: 256 }, (_, token) => ` w${(token * (prompt + 3)) % 90}`),
    );
    const prompts = texts.map((_, prompt) => `beginning ${prompt}`);
    const html = await exported(
      keep(
        Array.from({ length: 8 }, () => written(texts)),
        { prompts },
      ),
      'html',
    );
    expect(html.match(/<article>/g)).toHaveLength(800);
    expect(Buffer.byteLength(html)).toBeLessThan(10 * 1024 ** 2);
  });
});

describe('a comparison as JSON', () => {
  it('has what LLM Comparator asks for: the first two arms, and votes as scores', async () => {
    const id = keep([...two(), written([['d'], ['e']])]);
    votes.put(id, { voter: 'Ada', prompt: 1, left: 1, right: 0, choice: 'left' });
    votes.put(id, { voter: 'Ben', prompt: 1, left: 0, right: 1, choice: 'tie' });
    votes.put(id, { voter: 'Ben', prompt: 1, left: 0, right: 2, choice: 'left' });
    const file = JSON.parse(await exported(id, 'json'));
    expect(file.metadata.source_path).toBe('The <sea>');
    expect(file.models).toEqual([{ name: '<b>Arm 0</b>' }, { name: '<b>Arm 1</b>' }]);
    expect(file.examples[0]).toMatchObject({
      ...{ input_text: '=1+1', tags: [], output_text_a: NASTY.join(''), output_text_b: 'c' },
      ...{ score: null, individual_rater_scores: [] },
      custom_fields: { tokens: [5, 1], '3: <b>Arm 2</b>': 'd' },
    });
    expect(file.examples[1]).toMatchObject({
      score: -0.5,
      individual_rater_scores: [
        { score: -1, is_flipped: true, rating_label: 'B is better' },
        { score: 0, is_flipped: false, rating_label: 'tie' },
      ],
    });
    const names = file.metadata.custom_fields_schema.map(({ name }: { name: string }) => name);
    expect(Object.keys(file.examples[0].custom_fields)).toEqual(names);
  });

  it('comes back as it was, with its votes, and says that it was read from a file', async () => {
    const id = keep(two(), { references: ['on', 'and on'] });
    votes.put(id, { voter: 'Ada', prompt: 0, left: 0, right: 'human', choice: 'both bad' });
    const copy = await imported(await exported(id, 'json'));
    const [was, is] = [toKept(store.find(id)!), toKept(store.find(copy)!)];
    expect(is).toMatchObject({ name: was.name, request: was.request, outcome: 'finished', imported: true });
    expect(await readArms(store, is)).toEqual(await readArms(store, was));
    expect(votes.show(copy)).toEqual(votes.show(id));
    expect(await exported(copy, 'json')).toBe(await exported(id, 'json'));
  });

  it('of another program is shown with words for tokens', async () => {
    const example = { input_text: 'How?', output_text_a: 'So it is, so it is', output_text_b: ' No\n' };
    const models = [{ name: 'A' }, { name: '' }];
    const id = await imported(JSON.stringify({ models, examples: [example] }), 'arena.json');
    const kept = toKept(store.find(id)!);
    expect(kept).toMatchObject({ name: 'arena.json', request: { prompts: ['How?'] }, imported: true });
    expect(kept.request.arms.map(({ name }) => name)).toEqual(['A', 'Without a name']);
    const [first, second] = await readArms(store, kept);
    expect(first!.texts[0]!.pieces).toEqual(['So', ' it', ' is,', ' so', ' it', ' is']);
    expect(first!.texts[0]!.tokens).toEqual([0, 1, 2, 3, 1, 4]);
    expect(first!.measures).toMatchObject({ tokens: { value: 6 } });
    expect(second!.texts[0]!.pieces).toEqual([' No', '\n']);
  });

  it.each([
    ['no JSON', 'is no JSON'],
    ['{}', 'models'],
    [JSON.stringify({ models: [{ name: 'A' }], examples: [] }), 'two models'],
    [
      JSON.stringify({
        models: [{ name: 'A' }, { name: 'B' }],
        examples: [{ input_text: [{ type: 'image_byte' }], output_text_a: '', output_text_b: '' }],
      }),
      'its texts must be texts',
    ],
    [JSON.stringify({ hyperfit_lab: { version: 2 } }), 'newer version'],
    [' '.repeat(LARGEST_IMPORT + 1), 'too large'],
  ])('is refused in words where it cannot be shown: %.20s', async (text, reason) => {
    await expect(imported(text, 'a.json')).rejects.toThrow(reason);
    expect(store.list()).toEqual([]);
  });

  it('with texts that do not fit together is refused, and leaves nothing behind', async () => {
    const file = JSON.parse(await exported(keep(two()), 'json'));
    file.hyperfit_lab.arms[1].texts[0].pieces.push('more');
    const before = store.list().length;
    await expect(imported(JSON.stringify(file))).rejects.toThrow('do not fit together');
    expect(store.list()).toHaveLength(before);
  });
});

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const [row] of text.matchAll(/(?:(?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,|(?=\r\n)))+\r\n/g)) {
    const cells = [...row.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r\n)/g)].map(([, cell]) => cell!);
    rows.push(cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)));
  }
  return rows;
}
