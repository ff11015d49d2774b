import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { comparisonOf, oursOf, type Round, sharesOfBest, speedRatios } from './comparison.ts';
import type { Result } from './measurement.ts';
import { describeComputer, measureRow, Rounds } from './rounds.ts';
import { contender, type Row } from './row.ts';

let file: string;
beforeEach(async () => {
  file = path.join(await mkdtemp(path.join(os.tmpdir(), 'rounds-')), 'rounds.jsonl');
});
afterEach(() => rm(path.dirname(file), { recursive: true }));

const SPEED = { kind: 'speed', seconds: 1 } as const;
function row(id: string): Row {
  const contenders = [
    contender(['ours', 'lab', 'cpu'], 'ours', SPEED),
    contender(['peer', 'torch', 'cpu'], 'theirs', SPEED),
    contender(['ceiling', 'lab', 'tensorflow'], 'products', SPEED),
  ];
  return { id, title: id, contenders };
}

function result(seconds: number, operations: number | null = null): Result {
  return {
    ...{ seconds, operations, preparationSeconds: 0, peakMiB: 100, librariesMiB: 50, loss: null },
    software: 'none',
  };
}

function round(of: Row, ...results: Result[]): Round {
  return {
    ...{ computer: describeComputer(), date: '2026-01-01T00:00:00.000Z', row: of },
    results: results.map((one) => ({ variant: '', result: one })),
  };
}

const nobody = { python: undefined, llamaCpp: undefined, threads: 1 };
const measuring = (count: number, begun: string[] = []) => ({
  ...{ count, peers: nobody, signal: new AbortController().signal },
  onBegin: (name: string, number: number) => void begun.push(`${name} ${number}`),
});

it('does not measure what the file has, whoever wrote its keys in which order', async () => {
  const first = await Rounds.open(file);
  await first.add(round(row('a'), result(1), result(2), result(1)));
  await first.add(round(row('b'), result(1), result(2), result(1)));
  const again = await Rounds.open(file);
  expect(again.of(row('a'))).toHaveLength(1);
  expect(again.of(row('b'))).toHaveLength(1);
  expect(again.lastRuntime()).toBe('cpu');
  const begun: string[] = [];
  expect(await measureRow(row('a'), again, measuring(1, begun))).toHaveLength(1);
  expect(begun).toEqual([]);
});

it('begins a row anew that asks something else, and leaves other computers alone', async () => {
  const before = await Rounds.open(file);
  await before.add(round(row('a'), result(1), result(2), result(1)));
  await before.add({ ...round(row('b'), result(1), result(2), result(1)), computer: 'another' });
  const rounds = await Rounds.open(file);
  const [first] = row('a').contenders;
  expect(rounds.of({ ...row('a'), contenders: [{ ...first!, computes: 'tensorflow' }] })).toHaveLength(0);
  expect(rounds.of(row('b'))).toHaveLength(0);
});

it('goes on after a line that was cut', async () => {
  const before = await Rounds.open(file);
  await before.add(round(row('a'), result(1), result(2), result(1)));
  await appendFile(file, '{"computer":"cut in the mid');
  const after = await Rounds.open(file);
  await after.add(round(row('a'), result(3), result(4), result(1)));
  const seconds = (await Rounds.open(file)).of(row('a')).map(({ results }) => results[0]!.result.seconds);
  expect(seconds).toEqual([1, 3]);
  expect((await readFile(file, 'utf8')).endsWith('\n')).toBe(true);
});

it('goes on with the round that is missing, and with the way that was fastest in the first', async () => {
  const two = [
    { name: 'slow', options: {} },
    { name: 'quick', options: {} },
  ];
  // No such runtime: the process that should measure fails, but what was to be measured has been told.
  const ours = contender(['ours', 'lab', 'no such runtime'], 'ours', SPEED, two);
  const only: Row = { id: 'a', title: 'a', contenders: [ours] };
  const rounds = await Rounds.open(undefined);
  await rounds.add({ ...round(only), results: [{ variant: 'quick', result: result(1) }] });
  const begun: string[] = [];
  await expect(measureRow(only, rounds, measuring(2, begun))).rejects.toThrow(/There is no runtime/);
  expect(begun).toEqual(['ours, quick 2']);
  expect(rounds.of(only)).toHaveLength(1);
});

it('compares numbers of the same round', () => {
  const rounds = [
    round(row('a'), result(1, 10e9), result(2), result(1, 40e9)),
    round(row('a'), result(2, 10e9), result(8), result(1, 20e9)),
  ];
  const comparison = comparisonOf(rounds);
  const ours = oursOf(comparison, comparison.measured[1]!.contender)!;
  expect(speedRatios(ours, comparison.measured[1]!)).toEqual([2, 4]);
  expect(sharesOfBest(comparison, ours)).toEqual([0.25, 0.25]);
});
