import { describe, expect, it } from 'vitest';
import { exampleRun } from './example-run.ts';
import { filterRuns, lastPart, type RunFilter, sortRuns, tagsOf } from './run-list.ts';

const everything: RunFilter = { search: '', tag: '', states: 'any', onlyFavourites: false };
const sea = exampleRun({ id: 1, name: 'Sea 10', tags: ['late', 'paper'], trainLoss: 0.5 });
const hills = exampleRun({
  id: 2,
  name: 'Hills',
  dataFile: '/texts/hills.txt',
  notes: 'Too SLOW',
  state: 'paused',
  trainLoss: null,
});
const river = exampleRun({ id: 3, name: 'Sea 9', favourite: true, dataFile: 'C:\\texts\\river.txt' });
const runs = [sea, hills, river];
const found = (filter: Partial<RunFilter>) =>
  filterRuns(runs, { ...everything, ...filter }).map(({ id }) => id);

describe('the list of runs', () => {
  it('finds words in names, notes, tags, models and texts, in any order and case', () => {
    expect(found({ search: 'sea' })).toEqual([1, 3]);
    expect(found({ search: '10  SEA' })).toEqual([1]);
    expect(found({ search: 'slow' })).toEqual([2]);
    expect(found({ search: 'paper' })).toEqual([1]);
    expect(found({ search: 'river.txt' })).toEqual([3]);
    expect(found({ search: 'tiny-llama' })).toEqual([1, 2, 3]);
    expect(found({ search: 'mountain' })).toEqual([]);
  });

  it('does not find folders that all runs share', () => {
    expect(found({ search: 'models' })).toEqual([]);
  });

  it('is filtered by tag, state and star together', () => {
    expect(found({ tag: 'late' })).toEqual([1]);
    expect(found({ states: 'stopped' })).toEqual([2]);
    expect(found({ states: 'finished' })).toEqual([1, 3]);
    expect(found({ onlyFavourites: true, states: 'finished' })).toEqual([3]);
    expect(found({ onlyFavourites: true, tag: 'late' })).toEqual([]);
  });

  it('is sorted as people count, both ways', () => {
    const names = (isDescending: boolean) =>
      sortRuns(runs, { key: 'name', isDescending }).map(({ name }) => name);
    expect(names(false)).toEqual(['Hills', 'Sea 9', 'Sea 10']);
    expect(names(true)).toEqual(['Sea 10', 'Sea 9', 'Hills']);
  });

  it('has what was not measured last, whichever way it is sorted', () => {
    const ids = (isDescending: boolean) => sortRuns(runs, { key: 'loss', isDescending }).map(({ id }) => id);
    expect(ids(false)).toEqual([3, 1, 2]);
    expect(ids(true)).toEqual([1, 3, 2]);
  });

  it('offers each tag once', () => {
    expect(tagsOf([sea, river, exampleRun({ tags: ['early', 'late'] })])).toEqual(['early', 'late', 'paper']);
  });

  it('names files by the last part of paths of both kinds', () => {
    expect(['/a/b.txt', 'C:\\a\\b.txt', '/a/b/', 'b'].map(lastPart)).toEqual(['b.txt', 'b.txt', 'b', 'b']);
  });
});
