/**
 * The engine process: it does one job after the other until it is told to end. It speaks over whatever its parent gave it:
 * the channel of a forked Node process, or the port of Electron's utility process.
 */
import process from 'node:process';
import type { TokenText } from '../../../src-preload/contract/endpoints/comparison.ts';
import { toWireError } from '../../../src-preload/contract/errors.ts';
import { measureProducts, measureSpeed } from '../../engine/speed/measure-speed.ts';
import { inspectDataSet } from '../../engine/text/documents/inspect.ts';
import type { Wishes } from '../../engine/training/hyperfit-job.ts';
import { findCopied } from '../comparison/copied.ts';
import { openKnownTraining } from '../comparison/known-training.ts';
import { predictNext, writeBranch } from '../comparison/predict.ts';
import { ToldTexts } from '../comparison/told-texts.ts';
import { writeArm } from '../comparison/write-arm.ts';
import { findExperiment } from '../experiments/registry.ts';
import { WarmModel } from '../models/warm-model.ts';
import { openRuntimeHere } from '../packs/open-runtime.ts';
import { checkPlan } from '../plans/check-plan.ts';
import { watchConnections } from '../privacy/connections.ts';
import { type LabEvent, runHyperfit } from '../runs/hyperfit-run.ts';
import { publishRun } from '../runs/trained-files.ts';
import { previewText } from '../texts/preview-text.ts';
import { heldOutPrompts, readPrompts } from '../texts/prompts.ts';
import { type FromEngine, type Job, type JobEvent, toEngineSchema } from './job.ts';

const ALIVE_MILLISECONDS = 1_000;

/** Electron's utility processes have it. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

const parentPort = (process as { parentPort?: ParentPort }).parentPort;
watchConnections((host) => tell({ kind: 'connected', host }));
/** Of the job under way. */
let controller: AbortController | undefined;
let wishes: Wishes = { finish: false, keep: false };
let isOrphan = false;
/** Of the texts that were written last. */
const warm = new WarmModel();

if (parentPort) parentPort.on('message', ({ data }) => receive(data));
else {
  process.on('message', receive);
  process.on('disconnect', loseParent);
}
// Ctrl-C in a terminal reaches every process of its group; it is the parent who decides.
process.on('SIGINT', () => {});
setInterval(tellMemory, ALIVE_MILLISECONDS);

function receive(raw: unknown): void {
  const message = toEngineSchema.parse(raw);
  if (message.kind === 'start') void work(message.job);
  else if (message.kind === 'stop') controller?.abort();
  else if (message.kind === 'wish') wishes[message.wish] = true;
  else process.exit(0);
}

/** A parent that was killed leaves no one to tell: the run keeps a checkpoint, and can go on with the next lab. */
function loseParent(): void {
  if (controller === undefined) process.exit(0);
  isOrphan = true;
  controller.abort();
}

async function work(job: Job): Promise<void> {
  controller = new AbortController();
  wishes = { finish: false, keep: false };
  try {
    const result = await perform(job, controller.signal);
    tellMemory();
    tell({ kind: 'done', result });
  } catch (error) {
    const told = toWireError(error);
    // What nobody expected is told without its inner workings: they are for the log.
    if (told.code === 'internal') console.error(error);
    tell({ kind: 'failed', error: told });
  }
  controller = undefined;
  if (isOrphan) process.exit(0);
}

async function perform(job: Job, signal: AbortSignal): Promise<unknown> {
  switch (job.kind) {
    case 'hyperfit': {
      const { kind: _, ...request } = job;
      return runHyperfit(request, { signal, wishes, onEvent: (event) => tellEvent(toJobEvent(event)) });
    }
    case 'write': {
      const { model: folder, ...held } = job;
      return warm.use({ folder, ...held }, signal, async (model) => {
        const told = new ToldTexts((tails) => tellEvent({ kind: 'written', tails }));
        const { texts, numbers } = await writeArm(model, job, {
          ...(await openKnownTraining(job.training, job.decoding, model.tokenizer)),
          signal,
          onToken: (growing) => told.tellSometimes(growing),
        });
        told.tell(texts);
        return numbers;
      });
    }
    case 'predict': {
      const { model: folder, adapter, place, ...held } = job;
      return warm.use({ folder, ...held }, signal, (model) => predictNext(model, adapter, place));
    }
    case 'branch': {
      const { model: folder, ...held } = job;
      return warm.use({ folder, ...held }, signal, async (model) => {
        const told = new ToldTexts((tails) => tellEvent({ kind: 'written', tails }));
        const { training } = await openKnownTraining(job.training, job.decoding, model.tokenizer);
        const onText = (text: TokenText) => told.tellSometimes([text]);
        told.tell([await writeBranch(model, job, job.place, { training, signal, onText })]);
      });
    }
    case 'copied':
      return findCopied(job);
    case 'held-out':
      return heldOutPrompts(job);
    case 'prompts':
      return readPrompts(job.file);
    case 'check': {
      const { kind: _, ...request } = job;
      return checkPlan(request, {
        signal,
        onProgress: (stage, share) => tellEvent({ kind: 'checking', stage, share }),
      });
    }
    case 'preview':
      return previewText(job);
    case 'inspect':
      return inspectDataSet(job.data, job.columns, signal);
    case 'publish':
      return publishRun(job.out, job.as);
    case 'speed': {
      const runtime = await openRuntimeHere(job.runtime, { threads: job.threads });
      const onProgress = (share: number) => tellEvent({ kind: 'measuring', share });
      const measured =
        job.of === 'products'
          ? measureProducts(runtime, { signal, onProgress }).then((matmulGflops) => ({ matmulGflops }))
          : measureSpeed(runtime, {
              ...{ config: job.config ?? undefined, signal, onProgress },
              onTrained: (speed) => tellEvent({ kind: 'trained', ...speed }),
            });
      return measured.finally(() => runtime.close());
    }
    case 'experiment': {
      const { experiment, request, kind: _, ...context } = job;
      return findExperiment(experiment).perform(request, {
        ...context,
        signal,
        onProgress: (share, stage) => tellEvent({ kind: 'experimenting', share, stage }),
        keep: (results) => tellEvent({ kind: 'found', results }),
      });
    }
    default:
      return job satisfies never;
  }
}

function toJobEvent(event: LabEvent): JobEvent {
  if (event.kind !== 'windows') return event;
  const { train, heldOut, notes } = event.report;
  return { kind: 'windows', train, heldOut, notes: [...notes] };
}

function tellMemory(): void {
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  tell({ kind: 'alive', memoryBytes: process.memoryUsage.rss(), peakMemoryBytes });
}

function tellEvent(event: JobEvent): void {
  tell({ kind: 'event', event });
}

function tell(message: FromEngine): void {
  if (parentPort) parentPort.postMessage(message);
  // A parent that ends just now is no reason to: what cannot be told is dropped.
  else if (process.connected) process.send?.(message, () => {});
}
