/** The screens that one can go to from everywhere, in the order of their shortcuts; the desktop's menu has the same. */
import { SCREEN_TITLES, type Screen, screenSchema } from '../../src-preload/contract/endpoints/desktop.ts';

export interface Place {
  readonly name: Screen;
  readonly title: string;
}

export const PLACES: readonly Place[] = screenSchema.options.map((name) => ({
  name,
  title: SCREEN_TITLES[name],
}));

/** The screen that an address belongs to: that of a run is one of Runs. */
export function placeOfPath(path: string): Place | undefined {
  const [, first = ''] = path.split('/');
  return PLACES.find(({ name }) => name === (first || 'home'));
}
