/** Tables of experiments as HTML; rows of what others report are set apart from what was measured here. */
import { valueWords } from '../../../src-preload/contract/exhibit-words.ts';
import type { Table } from '../../../src-preload/contract/exhibits.ts';
import { escapeHtml } from './html.ts';

export function tableHtml({ title, columns, rows }: Pick<Table, 'title' | 'columns' | 'rows'>): string {
  const heads = columns.map(
    ({ name, term }) => `<th scope="col">${escapeHtml(name)}${small(term ?? '')}</th>`,
  );
  const helps = columns
    .filter(({ help }) => help !== '')
    .map(({ name, help }) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(help)}</dd></div>`);
  const explained =
    helps.length === 0
      ? ''
      : `<details><summary>What the columns mean</summary><dl>${helps.join('')}</dl></details>`;
  const body = rows.map(({ name, source, cells }) => {
    const head = `<th scope="row">${escapeHtml(name)}${small(source ?? '')}</th>`;
    const values = cells.map((cell) => `<td>${escapeHtml(valueWords(cell))}</td>`);
    return `<tr${source === null ? '' : ' class="reported"'}>${head}${values.join('')}</tr>`;
  });
  return `<div class="wide" role="region" tabindex="0" aria-label="${escapeHtml(title)}"><table>
<thead><tr>${heads.join('')}</tr></thead>
<tbody>${body.join('\n')}</tbody>
</table></div>${explained}`;
}

function small(text: string): string {
  return text === '' ? '' : `<small>${escapeHtml(text)}</small>`;
}
