/**
 * A comparison as one HTML file that needs nothing else: texts side by side with what repeats itself marked, the table of
 * measures, and curves. No script runs in it.
 */
import { MARKED_RUN } from '../../../src-preload/contract/endpoints/comparison.ts';
import { MEASURE_WORDS } from '../../../src-preload/contract/measure-words.ts';
import type { ArmResult, Comparison } from '../comparison/compare.ts';
import { epochChart, type RunCurve } from './charts.ts';
import { escapeHtml, htmlDocument } from './html.ts';

export interface ReportContent {
  readonly title: string;
  /** Sentences under the title, in plain words. */
  readonly introduction?: readonly string[];
  readonly comparison: Comparison;
  /** Curves of the runs behind the arms. */
  readonly curves: readonly RunCurve[];
}

const DEEPEST_MARK = 3;

export function renderReport({ title, introduction = [], comparison, curves }: ReportContent): string {
  const { prompts, arms } = comparison;
  return htmlDocument(
    title,
    `${introduction.map((sentence) => `<p class="lead">${escapeHtml(sentence)}</p>`).join('\n')}
<h2>One of the texts</h2>
<p>${legend()}</p>
${textRows(comparison, 0, 1)}
<h2>The measures of all texts</h2>
${metricsTable(arms)}
${curves.length > 0 ? `<h2>How training went</h2>\n${charts(curves)}` : ''}
${prompts.length > 1 ? `<h2>The other texts</h2>\n${textRows(comparison, 1)}` : ''}`,
  );
}

function metricsTable(arms: readonly ArmResult[]): string {
  const names = Object.keys(arms[0]?.metrics ?? {});
  const heading = arms.map(({ name }) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  const rows = names.map((key) => {
    const words = MEASURE_WORDS[key];
    const name = words ? `${words.name} (${words.term})` : escapeHtml(key);
    const cells = arms.map(({ metrics }) => `<td>${shown(metrics[key]!)}</td>`).join('');
    return `<tr><th scope="row">${name}<small>${words?.help ?? ''}</small></th>${cells}</tr>`;
  });
  return `<div class="wide"><table><thead><tr><td></td>${heading}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
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

function textRows({ prompts, arms }: Comparison, start: number, end?: number): string {
  const rows = prompts.slice(start, end).map((prompt, index) => textRow(prompt, start + index, arms));
  return rows.join('\n');
}

function textRow(prompt: string, index: number, arms: readonly ArmResult[]): string {
  const cells = arms.map(
    (arm) =>
      `<article><h4>${escapeHtml(arm.name)}</h4><p>${markedText(arm.pieces[index]!, arm.depths[index]!)}</p></article>`,
  );
  return `<section><h3>${escapeHtml(prompt.trim())} …</h3><div class="arms">${cells.join('\n')}</div></section>`;
}

/** Neighbouring tokens of one depth share a mark. */
function markedText(pieces: readonly string[], all: readonly number[]): string {
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
  return Number.isInteger(number) ? String(number) : number.toFixed(number < 10 ? 3 : 1);
}
