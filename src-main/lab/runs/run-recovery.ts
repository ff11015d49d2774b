/**
 * The run's folder is the truth, and the store a copy that can be behind it: an engine writes there before it tells, and
 * goes on for a moment when its lab was killed. Here the store catches up.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { deleteCaches } from '../../engine/training/feeds.ts';
import { RunFolder } from '../../engine/training/run-folder.ts';
import type { RunStore } from '../../store/run-store.ts';
import { STEPS_TOGETHER } from './active-run.ts';

const LOOK_MILLISECONDS = 200;
/** An engine without a lab needs at most so long to keep a checkpoint and end. */
const ORPHAN_MILLISECONDS = 120_000;

const resultSchema = z.object({ stopped: z.string().nullable().default(null) });

/**
 * Copies what the store lacks of a run's numbers and checkpoints.
 * @param anew copies all of them, also where rows are there
 * @returns undefined where the run never came to make its folder
 * @throws LabError 'bad-checkpoint' where the folder cannot be read
 */
export async function catchUp(
  store: RunStore,
  run: number,
  folder: string,
  anew = false,
): Promise<RunFolder | undefined> {
  const opened = await RunFolder.open(folder);
  if (opened === undefined) return undefined;
  await opened.checkpoints.sweep();
  const { steps: lastStep, lastEpoch } = store.numbers.progress(run);
  const isTrusted = !anew && store.numbers.isWhole(run);
  const steps = (await opened.readSteps()).filter(({ step }) => !isTrusted || step > lastStep);
  for (let start = 0; start < steps.length; start += STEPS_TOGETHER) {
    store.numbers.record(run, steps.slice(start, start + STEPS_TOGETHER), []);
    await wait(0);
  }
  const epochs = (await opened.readEpochs()).filter(
    ({ epoch }) => !isTrusted || lastEpoch === null || epoch > lastEpoch,
  );
  store.numbers.record(run, [], epochs);
  store.checkpoints.replace(run, await opened.checkpoints.list());
  return opened;
}

/** The result's summary, where the run came to its end: it is the last that a run writes. */
export async function readResult(folder: RunFolder): Promise<z.infer<typeof resultSchema> | undefined> {
  const text = await readFile(folder.file('result.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : resultSchema.parse(JSON.parse(text));
}

/**
 * Deletes what the frozen blocks said for runs that learn no more: finished ones, and deleted ones of whose folder a crash
 * has left something.
 * @param folder of all runs' folders
 * @param unfinished folders of the runs that may go on
 */
export async function sweepCaches(folder: string, unfinished: readonly string[]): Promise<void> {
  const kept = new Set(unfinished.map((place) => path.resolve(place)));
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const place = path.resolve(folder, entry.name);
    if (entry.isDirectory() && !kept.has(place)) await deleteCaches(place);
  }
}

/**
 * Waits until the engine of a lab that was killed has ended.
 * @param name as the store has it, "pid 4711"
 */
export async function orphanGone(name: string, signal: AbortSignal): Promise<void> {
  const pid = Number(/^pid (\d+)$/.exec(name)?.[1] ?? 0);
  const until = performance.now() + ORPHAN_MILLISECONDS;
  // After a restart of the computer the number may be another program's: so not for ever.
  while (pid > 0 && isAlive(pid) && performance.now() < until && !signal.aborted)
    await wait(LOOK_MILLISECONDS, undefined, { signal }).catch(() => {});
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
