/** What "Variety along a text" shows: a line for each writer, and how much each loses on the way. */
import type { Figure, Showing, Table } from '../../../../src-preload/contract/exhibits.ts';
import { TTR_WINDOW } from '../../../engine/analysis/diversity/type-token-ratio.ts';
import { countOf } from '../../wording.ts';
import type { TtrPositionResults, WriterLine } from './results.ts';

const PAPER = 'Carlsson et al. 2025, Fig. 9, as quoted by others';

const NAMES: Readonly<Record<WriterLine['writer'], string>> = {
  base: 'Base',
  tuned: 'Tuned',
  human: 'Human text',
};

const SUBJECTS: typeof NAMES = {
  base: 'What the base writes',
  tuned: 'What the tuned model writes',
  human: 'Human text',
};

export const TTR_POSITION_DEFINITIONS: Showing['definitions'] = [
  {
    term: 'Sliding TTR',
    text: `Different tokens divided by ${TTR_WINDOW}, in a window of ${TTR_WINDOW} tokens that ends at the position; mean over the texts. Positions count written tokens, without the beginning, so the first is ${TTR_WINDOW}.`,
    source: `${PAPER}: the TTR of the last ${TTR_WINDOW} tokens against the position`,
  },
  {
    term: 'What the paper says',
    text: '“all models show some decrease …”; hyperfitted Llama 3.1 “both starts at a higher value and decreases at a slower rate”.',
    source: PAPER,
  },
  {
    term: 'Texts',
    text: 'Greedy, as long as asked for or as the model has room for after the longest beginning; the token that ends a text is not allowed.',
    source: null,
  },
  {
    term: 'Human text',
    text: `How the texts go on from which the beginnings were taken, where they go on for more than ${TTR_WINDOW} tokens; only those that go on the longest, so that all positions have the same texts.`,
    source: null,
  },
  {
    term: 'Decrease',
    text: 'TTR of the first window less that of the last; below 0 it rises.',
    source: null,
  },
  {
    term: 'Bands',
    text: '95 % of 1,000 bootstrap draws of the texts; where two models are compared, both texts of a beginning are drawn together.',
    source: null,
  },
];

export function showTtrPosition(results: TtrPositionResults): Omit<Showing, 'definitions'> {
  if (results.lines.length === 0) return { findings: [], exhibits: [] };
  return { findings: findingsOf(results), exhibits: [figure(results), table(results)] };
}

function findingsOf({ lines, slower, tokens }: TtrPositionResults): string[] {
  const [base, tuned, human] = (['base', 'tuned', 'human'] as const).map((name) =>
    lines.find(({ writer }) => writer === name),
  );
  const findings = [base, tuned].flatMap((line) => (line ? [courseOf(line)] : []));
  if (base && tuned && slower) findings.push(compared(base, tuned, slower));
  if (human) findings.push(`${courseOf(human)} That is what the same beginnings really go on with.`);
  return [
    ...(base
      ? [`From ${countOf(base.texts, 'beginning')}, each model wrote ${countOf(tokens, 'token')}.`]
      : []),
    ...findings,
  ];
}

function courseOf({ writer, points, decrease }: WriterLine): string {
  const [[, start], [position, end]] = [points[0]!, points.at(-1)!];
  const what =
    decrease.low > 0
      ? 'gets less varied'
      : decrease.high < 0
        ? 'gets more varied'
        : 'gets neither clearly less nor clearly more varied';
  return `${SUBJECTS[writer]} ${what} along the text: a TTR of ${start.toFixed(3)} in the first window and ${end.toFixed(3)} up to token ${position}.`;
}

function compared(
  base: WriterLine,
  tuned: WriterLine,
  slower: NonNullable<TtrPositionResults['slower']>,
): string {
  const higher = tuned.points[0]![1] > base.points[0]![1];
  const begins = `The tuned model begins ${higher ? 'more' : 'less'} varied than the base`;
  const range = `${signed(slower.mean)} (${signed(slower.low)} to ${signed(slower.high)})`;
  const rising =
    tuned.decrease.high < 0
      ? ' That it even rises is not what they saw: all their models show some decrease.'
      : '';
  const paper = 'as Carlsson et al. write of Llama 3.1';
  if (slower.low > 0)
    return `${begins} and loses less on the way, by ${range}${higher ? `: ${paper}` : '; of Llama 3.1, Carlsson et al. write that it begins higher too'}.${rising}`;
  if (slower.high < 0)
    return `${begins} and loses more on the way: the base’s decrease is smaller by ${range}. Carlsson et al. write the opposite of Llama 3.1.`;
  return `${begins}; that it loses less on the way cannot be told from these texts: the base’s decrease less its own is ${range}. Carlsson et al. write so of Llama 3.1.`;
}

function figure({ lines }: TtrPositionResults): Figure {
  return {
    kind: 'figure',
    title: 'Different tokens in a window that slides along the texts',
    summary: lines.map(courseOf).join(' '),
    shape: 'lines',
    xName: 'Written tokens',
    yName: `TTR of the last ${TTR_WINDOW}`,
    categories: null,
    isXLogarithmic: false,
    series: lines.map(({ writer, points, band }) => ({
      name: NAMES[writer],
      source: null,
      points,
      band,
    })),
    note: null,
  };
}

function table({ lines }: TtrPositionResults): Table {
  return {
    kind: 'table',
    title: 'First and last window',
    columns: [
      { name: 'Texts by', term: null, help: 'Who wrote.' },
      { name: 'Texts', term: null, help: 'How many.' },
      { name: 'At first', term: 'TTR', help: `Share of different tokens among the first ${TTR_WINDOW}.` },
      { name: 'At last', term: 'TTR', help: `Share of different tokens among the last ${TTR_WINDOW}.` },
      { name: 'Decrease', term: null, help: 'The first less the last.' },
      { name: 'Range', term: '95 % band', help: 'Where the decrease lies if the texts are drawn anew.' },
    ],
    rows: lines.map(({ writer, texts, points, decrease }) => ({
      name: NAMES[writer],
      source: null,
      cells: [
        ...[texts, points[0]![1], points[0]![1] - decrease.mean, decrease.mean],
        `${signed(decrease.low)} to ${signed(decrease.high)}`,
      ],
    })),
    note: null,
  };
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
