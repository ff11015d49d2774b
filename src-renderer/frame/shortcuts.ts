/**
 * A key for each screen. In the desktop app its menu has Ctrl or ⌘ with the screen's number; a browser needs those for its
 * tabs, so there it is Alt and Shift with the number, which the page hears itself.
 */
import { PLACES, type Place } from './places.ts';

export interface Shortcut {
  /** As it stands on the keys. */
  readonly shown: string;
  /** As aria-keyshortcuts wants it. */
  readonly aria: string;
}

export function shortcutOf(
  place: Place,
  { isDesktop, isMac }: { isDesktop: boolean; isMac: boolean },
): Shortcut {
  const number = PLACES.indexOf(place) + 1;
  if (!isDesktop) return { shown: `Alt+Shift+${number}`, aria: `Alt+Shift+${number}` };
  return isMac
    ? { shown: `⌘${number}`, aria: `Meta+${number}` }
    : { shown: `Ctrl+${number}`, aria: `Control+${number}` };
}

/** The screen whose keys these are, in a browser. With Shift, keys have other signs: what counts is which key it is. */
export function placeOfKeys(
  event: Pick<KeyboardEvent, 'altKey' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'code'>,
): Place | undefined {
  if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return undefined;
  const [, number] = /^(?:Digit|Numpad)([1-9])$/.exec(event.code) ?? [];
  return number === undefined ? undefined : PLACES[Number(number) - 1];
}
