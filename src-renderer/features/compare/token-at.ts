/** Which character of a text a person has pressed on. */

/** @returns its place in the text that the spans below `element` show (see MarkedText.vue); undefined where it was no character */
export function characterAt(
  element: HTMLElement,
  { clientX }: Pick<MouseEvent, 'clientX'>,
): number | undefined {
  const selection = window.getSelection();
  // Somebody who marks a passage wants nothing else.
  if (!selection?.isCollapsed || !(selection.anchorNode instanceof Text)) return undefined;
  const { anchorNode: node, anchorOffset: offset } = selection;
  const span = node.parentElement?.closest<HTMLElement>('[data-start]');
  if (!span || !element.contains(span)) return undefined;
  return Number(span.dataset.start) + (isBefore(node, offset, clientX) ? offset - 1 : offset);
}

/** A press on the right half of a letter puts the caret behind it. */
function isBefore(node: Text, offset: number, x: number): boolean {
  if (offset === 0) return false;
  const range = document.createRange();
  range.setStart(node, offset - 1);
  range.setEnd(node, offset);
  return [...range.getClientRects()].some(({ left, right }) => left <= x && x <= right);
}
