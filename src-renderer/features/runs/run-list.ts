/** Which of many runs are shown, and in which order. */
import type { Run, RunState } from '../../../src-preload/contract/endpoints/runs.ts';

/** States as people ask for them. */
export const STATE_GROUPS = {
  any: { title: 'In any state', states: [] },
  working: { title: 'At work or waiting', states: ['running', 'waiting'] },
  finished: { title: 'Finished runs', states: ['finished'] },
  stopped: { title: 'Paused or cut off', states: ['paused', 'interrupted'] },
  failed: { title: 'Failed runs', states: ['failed'] },
} as const satisfies Record<string, { title: string; states: readonly RunState[] }>;
export type StateGroup = keyof typeof STATE_GROUPS;

export interface RunFilter {
  /** Words that must all be in its name, notes, tags, model or text. */
  readonly search: string;
  /** Empty: any. */
  readonly tag: string;
  readonly states: StateGroup;
  readonly onlyFavourites: boolean;
}

export type SortKey = 'name' | 'state' | 'scope' | 'epoch' | 'loss' | 'created';
export interface Order {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

export function filterRuns(runs: readonly Run[], filter: RunFilter): Run[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const states: readonly RunState[] = STATE_GROUPS[filter.states].states;
  return runs.filter(
    (run) =>
      (!filter.onlyFavourites || run.favourite) &&
      (filter.tag === '' || run.tags.includes(filter.tag)) &&
      (states.length === 0 || states.includes(run.state)) &&
      containsAll(run, words),
  );
}

function containsAll({ name, notes, tags, modelFolder, dataFile }: Run, words: readonly string[]): boolean {
  const text = [name, notes, ...tags, lastPart(modelFolder), lastPart(dataFile)].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Runs that have no such value come last, whichever way. */
export function sortRuns(runs: readonly Run[], { key, isDescending }: Order): Run[] {
  const read = VALUES[key];
  const sign = isDescending ? -1 : 1;
  return runs.toSorted((one, other) => {
    const [a, b] = [read(one), read(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'string') return sign * a.localeCompare(String(b), undefined, { numeric: true });
    return sign * (a - Number(b));
  });
}

const VALUES: Readonly<Record<SortKey, (run: Run) => string | number | null>> = {
  name: ({ name }) => name,
  state: ({ state }) => state,
  scope: ({ recipe }) => recipe.scope,
  epoch: ({ lastEpoch }) => lastEpoch,
  loss: ({ trainLoss }) => trainLoss,
  created: ({ created }) => created,
};

export function tagsOf(runs: readonly Run[]): string[] {
  return [...new Set(runs.flatMap(({ tags }) => tags))].toSorted((a, b) => a.localeCompare(b));
}

/** Of a path of either system. */
export function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast(Boolean) ?? path;
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' });

/** In the language and the time zone of the person. */
export function dayWords(time: string): string {
  return DAY.format(new Date(time));
}
