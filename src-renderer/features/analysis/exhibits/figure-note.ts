/** What a figure tells at the pointer. Names come from people, so they go in as text, never as HTML. */
import { valueWords } from '../../../../src-preload/contract/exhibit-words.ts';
import type { Figure } from '../../../../src-preload/contract/exhibits.ts';
import { seriesStyle } from '../../../../src-preload/contract/figure-option.ts';

/** ECharts puts the element where the pointer is. */
export function figureNote({ series, xName, categories }: Figure): (at: unknown) => HTMLElement {
  return (at) => {
    const [first] = [at].flat() as { value?: unknown }[];
    const x = Number([first?.value].flat()[0]);
    const note = document.createElement('div');
    note.append(textIn('strong', categories?.[x] ?? `${xName} ${valueWords(x)}`));
    series.forEach((one, place) => {
      const y = one.points.find(([placeOfPoint]) => placeOfPoint === x)?.[1] ?? null;
      if (y === null) return;
      const row = document.createElement('div');
      const dot = textIn('span', '● ');
      dot.style.color = seriesStyle(one, place).colour;
      row.append(dot, textIn('bdi', one.name), ` ${valueWords(y)}`);
      note.append(row);
    });
    return note;
  };
}

function textIn(tag: 'strong' | 'span' | 'bdi', text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
