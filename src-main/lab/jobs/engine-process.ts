/**
 * The engine process: it does one job and ends. It speaks over whatever its parent gave it: the channel of a forked Node
 * process, or the port of Electron's utility process.
 */
import process from 'node:process';
import { toWireError } from '../../../src-preload/contract/errors.ts';
import { compare } from '../compare.ts';
import { type LabEvent, runHyperfit } from '../hyperfit-run.ts';
import { previewText } from '../preview-text.ts';
import { type FromEngine, type Job, type JobEvent, toEngineSchema } from './job.ts';

const ALIVE_MILLISECONDS = 1_000;

/** Electron's utility processes have it. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

const parentPort = (process as { parentPort?: ParentPort }).parentPort;
const controller = new AbortController();
let started = false;

if (parentPort) parentPort.on('message', ({ data }) => receive(data));
else {
  process.on('message', receive);
  // A parent that was killed leaves no one to tell: the run keeps a checkpoint, and can go on with the next app.
  process.on('disconnect', () => controller.abort());
}
// Ctrl-C in a terminal reaches every process of its group; it is the parent who decides.
process.on('SIGINT', () => {});
const alive = setInterval(
  () => tell({ kind: 'alive', memoryBytes: process.memoryUsage.rss() }),
  ALIVE_MILLISECONDS,
);

function receive(raw: unknown): void {
  const message = toEngineSchema.parse(raw);
  if (message.kind === 'stop') controller.abort();
  else if (!started) {
    started = true;
    void work(message.job);
  }
}

async function work(job: Job): Promise<void> {
  try {
    const result = await perform(job);
    await tellLast({ kind: 'done', result });
  } catch (error) {
    await tellLast({ kind: 'failed', error: toWireError(error) });
  }
  clearInterval(alive);
  process.exit(0);
}

async function perform(job: Job): Promise<unknown> {
  const { signal } = controller;
  switch (job.kind) {
    case 'hyperfit': {
      const { kind: _, ...request } = job;
      return runHyperfit(request, { signal, onEvent: (event) => tellEvent(toJobEvent(event)) });
    }
    case 'compare': {
      const { kind: _, ...request } = job;
      let lastTold = 0;
      return compare(request, {
        signal,
        onProgress: (done, total) => {
          const now = performance.now();
          if (now - lastTold < 100) return;
          lastTold = now;
          tellEvent({ kind: 'writing', share: Math.min(1, done / total) });
        },
      });
    }
    case 'preview':
      return previewText(job);
    default:
      return job satisfies never;
  }
}

function toJobEvent(event: LabEvent): JobEvent {
  if (event.kind !== 'windows') return event;
  const { train, heldOut, notes } = event.report;
  return { kind: 'windows', train, heldOut, notes: [...notes] };
}

function tellEvent(event: JobEvent): void {
  tell({ kind: 'event', event });
}

function tell(message: FromEngine): void {
  if (parentPort) parentPort.postMessage(message);
  // A parent that ends just now is no reason to: what cannot be told is dropped.
  else if (process.connected) process.send?.(message, () => {});
}

/** Waits until the message is on its way, as the process ends next. */
function tellLast(message: FromEngine): Promise<void> {
  if (parentPort || !process.connected) {
    tell(message);
    return Promise.resolve();
  }
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}
