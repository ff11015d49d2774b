/** What "Does it copy?" shows: how long the copied runs are, the longest of them, and what is left of the texts without them. */
import path from 'node:path';
import type { Exhibit, Figure, Passages, Showing, Table } from '../../../../src-preload/contract/exhibits.ts';
import { MEASURE_WORDS } from '../../../../src-preload/contract/measure-words.ts';
import { mean } from '../../../engine/analysis/diversity/mean.ts';
import { pairedDifference } from '../../../engine/analysis/statistics/bootstrap.ts';
import { BLOCKED_AFTER_TOKENS } from '../../../engine/generation/citation-blocker.ts';
import { countOf, percent, signed } from '../../wording.ts';
import type { CopyingArm, CopyingResults } from './results.ts';

const PAPER = 'Carlsson et al. 2025, Table 2, from summaries of the paper';
/** A run of more tokens is called long, as by the paper. */
const LONG_RUN = 10;

/** Bars of the histogram, by the shortest run in each. */
const BINS = [0, 3, 5, 7, 9, 11, 16, 21, 31, 41, 61, 97];

const NAMES: Readonly<Record<CopyingArm['arm'], string>> = {
  base: 'Base',
  tuned: 'Tuned',
  blocked: 'Tuned, citation blocker',
};

export const COPYING_DEFINITIONS: Showing['definitions'] = [
  {
    term: 'Longest copied run (overlap)',
    text: 'The longest run of tokens in a row of a written text, without its beginning, that also stands in one of the training windows. Carlsson et al. report its mean and its maximum over texts of 96 tokens; their exact definition is inferred from summaries.',
    source: null,
  },
  {
    term: 'Training windows',
    text: 'The windows that the run was trained on. Where only a file is named, all of its text, each document as one window.',
    source: null,
  },
  {
    term: 'Dataset BLEU',
    text: 'Geometric mean of the shares of a text’s runs of 1, 2, 3 and 4 tokens that stand in a training window too, each counted at most as often as in the window that has it most often; a share of 0 counts as 0.1 of one run. Without a brevity penalty. That the paper’s is meant so is inferred from summaries.',
    source: null,
  },
  {
    term: 'Citation blocker',
    text: `Where the last ${BLOCKED_AFTER_TOKENS} written tokens stand in the training text, what follows them there is forbidden once a new word begins. Its code was not published; this is how reviews describe it, and that tokens within a word stay allowed is the lab’s reading.`,
    source: 'Carlsson et al. 2025, from reviews of the paper',
  },
  {
    term: 'Texts',
    text: 'Greedy, written to their full length: the token that ends a text is not allowed.',
    source: null,
  },
  {
    term: 'Ranges',
    text: 'Of a difference: 95 % of 1,000 bootstrap draws of the prompts; both texts of a prompt are drawn together.',
    source: null,
  },
];

export function showCopying(results: CopyingResults): Omit<Showing, 'definitions'> {
  if (results.arms.length === 0) return { findings: [], exhibits: [] };
  const exhibits: Exhibit[] = [histogram(results), table(results)];
  const found = passages(results);
  if (found.passages.length > 0) exhibits.push(found);
  return { findings: findingsOf(results), exhibits };
}

function findingsOf(results: CopyingResults): string[] {
  const { texts, maxNewTokens, training } = results;
  const [base, tuned, blocked] = (['base', 'tuned', 'blocked'] as const).map((name) =>
    results.arms.find(({ arm }) => arm === name),
  );
  const what = training.isWhole ? 'all of its text' : countOf(training.windows, 'window');
  const findings = [
    `${countOf(texts, 'text')} of up to ${countOf(maxNewTokens, 'token')} were compared with ${path.basename(training.file)} (${what}, ${countOf(training.tokens, 'token')}).`,
  ];
  if (base && tuned) findings.push(copiedMore(base, tuned, results), longRuns(base, tuned));
  if (tuned && blocked) findings.push(withoutCopying(base!, tuned, blocked, results));
  return findings;
}

function copiedMore(base: CopyingArm, tuned: CopyingArm, { seed }: CopyingResults): string {
  const more = pairedDifference(base.overlaps, tuned.overlaps, { seed });
  const lengths = `${mean(tuned.overlaps).toFixed(1)} tokens on average (base: ${mean(base.overlaps).toFixed(1)}), ${Math.max(...tuned.overlaps)} at most (base: ${Math.max(...base.overlaps)})`;
  const change = `a difference of ${signed(more.mean, 1)} (${signed(more.low, 1)} to ${signed(more.high, 1)})`;
  if (more.low > 0)
    return `The tuned model copies longer runs than the base, which has not learned this text, has in common with it anyway: ${lengths}, ${change}.`;
  if (more.high < 0)
    return `The tuned model’s runs from its training text are shorter than those that the base has in common with it anyway: ${lengths}, ${change}.`;
  return `The tuned model’s runs from its training text cannot be told from those that the base has in common with it anyway: ${lengths}, ${change}.`;
}

function longRuns(base: CopyingArm, tuned: CopyingArm): string {
  const share = shareOfLong(tuned);
  const found = `${percent(share)} of the tuned model’s texts have a run of more than ${LONG_RUN} tokens (base: ${percent(shareOfLong(base))}).`;
  return share < 0.02
    ? `${found} That is as Carlsson et al. report of their models: less than 2 %.`
    : `${found} Carlsson et al. report less than 2 % of their much larger models; this one recites more.`;
}

function withoutCopying(
  base: CopyingArm,
  tuned: CopyingArm,
  blocked: CopyingArm,
  { seed }: CopyingResults,
): string {
  const change = pairedDifference(tuned.ttr, blocked.ttr, { seed });
  const gained = mean(tuned.ttr) - mean(base.ttr);
  const kept = mean(blocked.ttr) - mean(base.ttr);
  const lengths = `With the citation blocker the longest runs are ${mean(blocked.overlaps).toFixed(1)} tokens on average and ${Math.max(...blocked.overlaps)} at most`;
  const variety = `the share of different tokens is ${mean(blocked.ttr).toFixed(3)} instead of ${mean(tuned.ttr).toFixed(3)} (${signed(change.mean, 3)}, ${signed(change.low, 3)} to ${signed(change.high, 3)}), the base’s is ${mean(base.ttr).toFixed(3)}`;
  if (gained <= 0)
    return `${lengths}; ${variety}. The tuned model was not more varied than the base to begin with.`;
  return kept >= gained / 2
    ? `${lengths}; ${variety}. So most of what it gained in variety does not come from reciting.`
    : `${lengths}; ${variety}. So more than half of what it gained in variety goes with the reciting.`;
}

function shareOfLong({ overlaps }: CopyingArm): number {
  return mean(overlaps.map((length) => (length > LONG_RUN ? 1 : 0)));
}

function histogram({ arms, texts }: CopyingResults): Figure {
  const longest = Math.max(...arms.flatMap(({ overlaps }) => overlaps));
  const bins = BINS.filter((first) => first <= longest);
  const categories = bins.map((first, bin) => {
    const next = BINS[bin + 1];
    if (next === undefined) return `${first} or more`;
    return next - 1 === first ? String(first) : `${first}–${next - 1}`;
  });
  const binOf = (length: number) => bins.findLastIndex((first) => first <= length);
  return {
    kind: 'figure',
    title: 'Longest run that also stands in the training text',
    summary: arms
      .map(
        ({ arm, overlaps }) =>
          `${NAMES[arm]}: ${mean(overlaps).toFixed(1)} tokens on average, ${Math.max(...overlaps)} at most.`,
      )
      .join(' '),
    shape: 'bars',
    xName: 'Tokens in a row',
    yName: 'Share of texts',
    categories,
    isXLogarithmic: false,
    series: arms.map(({ arm, overlaps }) => ({
      name: NAMES[arm],
      source: null,
      points: categories.map((_, bin): [number, number] => [
        bin,
        overlaps.filter((length) => binOf(length) === bin).length / texts,
      ]),
      band: null,
    })),
    note: null,
  };
}

function table({ arms }: CopyingResults): Table {
  return {
    kind: 'table',
    title: 'Copying and variety',
    columns: [
      { name: 'Texts by', term: null, help: 'Which model wrote, and whether it was kept from reciting.' },
      { ...MEASURE_WORDS.meanOverlap! },
      { ...MEASURE_WORDS.maxOverlap! },
      {
        name: 'Texts with a long run',
        term: `over ${LONG_RUN} tokens`,
        help: `Share of texts with a copied run of more than ${LONG_RUN} tokens.`,
      },
      {
        name: 'Likeness to the training text',
        term: 'Dataset BLEU, mean',
        help: 'How much of a text is put together from short runs of the training text, 0 to 1.',
      },
      {
        name: 'Likeness to the training text',
        term: 'Dataset BLEU, most',
        help: 'That of the text which has most of it.',
      },
      MEASURE_WORDS.ttr!,
      MEASURE_WORDS.rep2!,
    ],
    rows: [
      ...arms.map((arm) => ({
        name: NAMES[arm.arm],
        source: null,
        cells: [
          ...[mean(arm.overlaps), Math.max(...arm.overlaps), shareOfLong(arm)],
          ...[mean(arm.datasetBleu), Math.max(...arm.datasetBleu), mean(arm.ttr), mean(arm.rep2)],
        ],
      })),
      paperRow('Paper: Llama 3.1, base', [4.0, null, null, null]),
      paperRow('Paper: Llama 3.1, hyperfitted', [5.8, null, null, null]),
      paperRow('Paper: its hyperfitted models', [null, '37 to 40 of 96', 'below 0.02', 0.321]),
    ],
    note: 'Of the paper’s table only these cells are known here; its Dataset BLEU of 32.1 is the largest value of all. How exactly it counts is not known.',
  };
}

function paperRow(
  name: string,
  [meanRun, longestRun, longShare, bleu]: readonly [
    number | null,
    string | null,
    string | null,
    number | null,
  ],
): Table['rows'][number] {
  return { name, source: PAPER, cells: [meanRun, longestRun, longShare, null, bleu, null, null] };
}

function passages({ arms, training }: CopyingResults): Passages {
  const file = path.basename(training.file);
  return {
    kind: 'passages',
    title: 'The longest copied runs',
    note: 'Marked is what also stands in the training text, word for word. Runs that several texts share are shown once.',
    passages: arms.flatMap(({ arm, passages }) =>
      passages.map(({ tokens, line, window, ...place }) => ({
        ...place,
        remark: `${NAMES[arm]}: ${countOf(tokens, 'token')} in a row, from line ${line} of ${file}${window === null ? '' : `, in training window ${window}`}`,
      })),
    ),
  };
}
