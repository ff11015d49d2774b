/** What a chart tells at the pointer: the measured values there, not those of the thinned picture. */
import type { Line } from './chart-option.ts';
import { valueAt } from './points.ts';

/** ECharts puts the element where the pointer is. Names come from people, so they go in as text, never as HTML. */
export function pointerNote(lines: readonly Line[], xName: string): (at: unknown) => HTMLElement {
  return (at) => {
    const [first] = [at].flat() as { axisValue?: number | string }[];
    const x = Math.round(Number(first?.axisValue));
    const note = document.createElement('div');
    note.append(textIn('strong', `${xName} ${x.toLocaleString('en')}`));
    for (const { name, points, colour } of lines) {
      const value = valueAt(points, x);
      if (value === undefined) continue;
      const row = document.createElement('div');
      const dot = textIn('span', '● ');
      dot.style.color = colour;
      row.append(dot, textIn('bdi', name), ` ${valueWords(value)}`);
      note.append(row);
    }
    return note;
  };
}

/** Digits that say something: 2.345, 0.0123, 1.2e-5. */
export function valueWords(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && size < 1e-3) return value.toExponential(1);
  return value.toFixed(value !== 0 && size < 0.1 ? 4 : 3);
}

function textIn(tag: 'strong' | 'span' | 'bdi', text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
