/**
 * A comparison as one HTML file that needs nothing else: texts side by side with what repeats itself marked, the table of
 * measures, and curves. No script runs in it.
 */
import {
  MARKED_RUN,
  type Tally,
  type TokenText,
  type Votes,
  type Writer,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import { isolated } from '../../../src-preload/contract/isolated.ts';
import { type MeasureCell, measureRows } from '../../../src-preload/contract/measure-rows.ts';
import { type JudgedArm, verdict } from '../../../src-preload/contract/verdict.ts';
import { epochChart, type RunCurve } from './charts.ts';
import { escapeHtml, htmlDocument } from './html.ts';

export interface ReportArm extends JudgedArm {
  readonly texts: readonly TokenText[];
}

export interface ReportContent {
  readonly title: string;
  /** Sentences under the title, in plain words. */
  readonly introduction?: readonly string[];
  readonly comparison: {
    readonly prompts: readonly string[];
    /** How the texts really go on that the prompts were taken from; none where that is not known. */
    readonly references?: readonly string[];
    readonly arms: readonly ReportArm[];
  };
  /** Curves of the runs behind the arms. */
  readonly curves?: readonly RunCurve[];
  readonly votes?: Pick<Votes, 'tallies' | 'agreement'>;
}

const DEEPEST_MARK = 3;
const HUMAN = 'How it really goes on';

export function renderReport({
  title,
  introduction = [],
  comparison,
  curves = [],
  votes,
}: ReportContent): string {
  const { prompts, arms } = comparison;
  const named = arms.map((arm) => ({ ...arm, name: isolated(arm.name) }));
  const incomplete = named.filter(({ measures }) => measures === null);
  const sentences = [...verdict(named), ...incomplete.map(({ name }) => `${name}: not complete.`)];
  return htmlDocument(
    title,
    `${introduction.map((sentence) => `<p class="lead">${escapeHtml(sentence)}</p>`).join('\n')}
<ul class="lead">${sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>
<h2>One of the texts</h2>
<p>${legend()}</p>
${textRows(comparison, 0, 1)}
<h2>The measures of all texts</h2>
${metricsTable(arms)}
${votes && votes.tallies.length > 0 ? `<h2>Which text people preferred</h2>\n${votesTable(votes, arms)}` : ''}
${curves.length > 0 ? `<h2>How training went</h2>\n${charts(curves)}` : ''}
${prompts.length > 1 ? `<h2>The other texts</h2>\n${textRows(comparison, 1)}` : ''}`,
  );
}

function metricsTable(arms: readonly ReportArm[]): string {
  const table = measureRows(arms.map(({ measures }) => measures));
  const heading = arms.map(({ name }) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  const rows = table.map(({ name, term, help, cells }) => {
    const words = term === '' ? escapeHtml(name) : `${escapeHtml(name)} (${escapeHtml(term)})`;
    return `<tr><th scope="row">${words}<small>${escapeHtml(help)}</small></th>${cells.map(measureCell).join('')}</tr>`;
  });
  const differ = table.some(({ cells }) => cells.some(({ difference }) => difference !== ''));
  const note = differ
    ? '<p>In small print, the difference from the first, and between what it would lie in 95 of 100 cases with other beginnings, or other held-out text, of the same kind (bootstrap).</p>'
    : '';
  return `<div class="wide"><table><thead><tr><td></td>${heading}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>\n${note}`;
}

function measureCell({ value, difference, mayBeChance }: MeasureCell): string {
  const chance = mayBeChance ? ', may be chance' : '';
  return `<td>${value}${difference === '' ? '' : `<small>${difference}${chance}</small>`}</td>`;
}

function votesTable(
  { tallies, agreement }: Pick<Votes, 'tallies' | 'agreement'>,
  arms: readonly ReportArm[],
): string {
  const nameOf = (writer: Writer) =>
    escapeHtml(writer === 'human' ? HUMAN : (arms[writer]?.name ?? String(writer)));
  const columns = [
    'First',
    'Second',
    'First preferred',
    'Second preferred',
    'Ties',
    'Both bad',
    'Share for the first',
    'p',
  ];
  const row = (tally: Tally) =>
    [
      nameOf(tally.first),
      nameOf(tally.second),
      ...[tally.firstPreferred, tally.secondPreferred, tally.ties, tally.bothBad].map(String),
      tally.share
        ? `${percent(tally.share.value)}<small>${percent(tally.share.low)} to ${percent(tally.share.high)}</small>`
        : '–',
      tally.p === null ? '–' : shown(tally.p),
    ].map((cell) => `<td>${cell}</td>`);
  const alpha =
    agreement === null
      ? ''
      : ` Where several people judged the same two texts, Krippendorff’s α is ${shown(agreement)}.`;
  return `<div class="wide"><table><thead><tr>${columns.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>${tallies.map((tally) => `<tr>${row(tally).join('')}</tr>`).join('')}</tbody></table></div>
<p>People did not know who wrote which. Ties and “both bad” are left out of the share, its interval (Clopper and Pearson, 95 %) and p (exact binomial test, two-sided).${alpha}</p>`;
}

function charts(curves: readonly RunCurve[]): string {
  const pictures = [
    epochChart('Training loss (nats)', curves, 'trainLoss'),
    epochChart('Loss on held-out text (nats)', curves, 'validationLoss'),
    epochChart('Different tokens (TTR) in sample texts', curves, 'ttr'),
    epochChart('Repeated pairs (rep-2) in sample texts', curves, 'rep2'),
  ];
  const note =
    'The loss on held-out text rises while the training loss goes to zero: in hyperfitting that is expected, and the texts get better all the same.';
  return `<div class="charts">${pictures.join('\n')}</div>\n<p>${note}</p>`;
}

function legend(): string {
  return `A run of ${MARKED_RUN} tokens that already occurred in the same text is marked: <mark class="d1">once before</mark>, <mark class="d2">twice</mark>, <mark class="d3">three times or more</mark>.`;
}

function textRows(comparison: ReportContent['comparison'], start: number, end?: number): string {
  const { prompts } = comparison;
  const rows = prompts.slice(start, end).map((prompt, index) => textRow(prompt, start + index, comparison));
  return rows.join('\n');
}

function textRow(
  prompt: string,
  index: number,
  { arms, references = [] }: ReportContent['comparison'],
): string {
  const cells = arms.map(({ name, texts }) => textCell(name, markedText(texts[index]!)));
  const reference = references[index];
  if (reference !== undefined) cells.push(textCell(HUMAN, escapeHtml(reference)));
  return `<section><h3>${escapeHtml(prompt.trim())} …</h3><div class="arms">${cells.join('\n')}</div></section>`;
}

function textCell(name: string, html: string): string {
  return `<article><h4>${escapeHtml(name)}</h4><p>${html}</p></article>`;
}

/** Neighbouring tokens of one depth share a mark. */
function markedText({ pieces, depths: all }: TokenText): string {
  const depths = all.map((depth) => Math.min(depth, DEEPEST_MARK));
  let html = '';
  for (let start = 0; start < pieces.length; ) {
    let end = start + 1;
    while (end < pieces.length && depths[end] === depths[start]) end++;
    const text = escapeHtml(pieces.slice(start, end).join(''));
    html += depths[start] === 0 ? text : `<mark class="d${depths[start]}">${text}</mark>`;
    start = end;
  }
  return html;
}

function shown(number: number): string {
  return number.toFixed(3);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
