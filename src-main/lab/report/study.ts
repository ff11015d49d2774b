/**
 * A study as one HTML file that needs nothing else: what experiments found, their figures, tables and passages, how each
 * quantity was computed and who defines it so, and the command that computes it again. No script runs in it.
 */
import type { Exhibit, Passages, Showing } from '../../../src-preload/contract/exhibits.ts';
import { figureHtml } from './figures.ts';
import { escapeHtml, htmlDocument } from './html.ts';
import { tableHtml } from './tables.ts';

export interface StudyPart {
  readonly name: string;
  /** What it is about, where a person has called it otherwise. */
  readonly title: string;
  /** As an ISO time; null: just now. */
  readonly created: string | null;
  readonly showing: Showing;
  /** That computes it again; or, in words, why none does. */
  readonly again: { readonly command: string } | { readonly problem: string };
  readonly seed: number | null;
}

export interface Study {
  readonly title: string;
  readonly parts: readonly StudyPart[];
  /** Such as the lab's version, and what computes. */
  readonly facts: Readonly<Record<string, string>>;
}

/** @param runtime what computes, with its threads where they are known */
export function studyFacts(version: string, runtime: string): Study['facts'] {
  return {
    'Hyperfit Lab': version,
    'Computes on': runtime,
    System: `${process.platform} ${process.arch}, Node ${process.version}`,
    Written: new Date().toISOString(),
  };
}

export function renderStudy({ title, parts, facts }: Study): string {
  const rows = Object.entries(facts).map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  const contents = parts.map(
    ({ name }, place) => `<li><a href="#part-${place}">${escapeHtml(name)}</a></li>`,
  );
  return htmlDocument(
    title,
    `${parts.length > 1 ? `<nav aria-label="Contents"><ol>${contents.join('')}</ol></nav>` : ''}
${parts.map(partHtml).join('\n')}
<section><h2>What it was made with</h2><dl>${rows.join('')}</dl></section>`,
  );
}

function partHtml({ name, title, created, showing, again, seed }: StudyPart, place: number): string {
  const { findings, exhibits, definitions } = showing;
  const about = [
    name === title ? '' : title,
    created === null ? '' : `computed ${created.slice(0, 16).replace('T', ' ')} UTC`,
    seed === null ? '' : `seed ${seed}`,
  ].filter((words) => words !== '');
  return `<section id="part-${place}" class="part">
<h2>${escapeHtml(name)}</h2>
<p><small>${escapeHtml(about.join(', '))}</small></p>
${findings.map((finding) => `<p class="lead">${escapeHtml(finding)}</p>`).join('\n')}
${exhibits.map(exhibitHtml).join('\n')}
<h3>How it was computed</h3>
<dl>${definitions.map(definitionHtml).join('\n')}</dl>
<h3>To compute it again</h3>
${
  'command' in again
    ? `<pre class="command" role="region" tabindex="0" aria-label="The command">${escapeHtml(again.command)}</pre>`
    : `<p>${escapeHtml(`There is no command for it: ${again.problem}`)}</p>`
}
</section>`;
}

function definitionHtml({ term, text, source }: Showing['definitions'][number]): string {
  const origin =
    source === null ? 'The lab’s own reading: the papers leave it open.' : `Defined so by: ${source}.`;
  return `<div><dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)} <small><i>${escapeHtml(origin)}</i></small></dd></div>`;
}

function exhibitHtml(exhibit: Exhibit): string {
  const note = exhibit.note === null ? '' : `<p><small>${escapeHtml(exhibit.note)}</small></p>`;
  return `<h3>${escapeHtml(exhibit.title)}</h3>\n${exhibitBody(exhibit)}\n${note}`;
}

function exhibitBody(exhibit: Exhibit): string {
  switch (exhibit.kind) {
    case 'figure':
      return figureHtml(exhibit);
    case 'table':
      return tableHtml(exhibit);
    case 'passages':
      return passagesHtml(exhibit);
    default:
      return exhibit satisfies never;
  }
}

function passagesHtml({ passages }: Passages): string {
  const rows = passages.map(
    ({ before, marked, after, remark }) =>
      `<li><p><bdi>… ${escapeHtml(before)}<mark>${escapeHtml(marked)}</mark>${escapeHtml(after)} …</bdi></p><small>${escapeHtml(remark)}</small></li>`,
  );
  return `<ul class="passages">${rows.join('\n')}</ul>`;
}
