/**
 * The main job: hyperfit a model on token windows. Measure, then epoch after epoch: shuffle, step, measure, write some
 * text, keep a checkpoint; until the epochs are over or a stop rule holds. Everything goes into the run's folder, so a
 * run that was killed goes on from its last checkpoint with exactly the losses it would have had.
 */
import type { Weights } from '../model/weights.ts';
import { Random } from '../random.ts';
import { FrozenPrefix } from './frozen-prefix.ts';
import { deletePrefixCache, openPrefixCache } from './prefix-cache.ts';
import type { Recipe } from './recipe.ts';
import type { EpochRecord, StepRecord } from './records.ts';
import type { Checkpoint, RunFolder } from './run-folder.ts';
import { type SampleWriter, writeSamples } from './samples.ts';
import { learningRateAt } from './schedule.ts';
import { parseScope } from './scope.ts';
import { type Evaluation, Trainer } from './trainer.ts';
import { planTraining } from './training-graph.ts';
import { feedPrefix, feedTokens, type WindowFeed, type Windows } from './window-feed.ts';

/** Training windows that are measured before the first step. */
const WINDOWS_MEASURED_FIRST = 64;

export interface HyperfitJob extends SampleWriter {
  readonly weights: Weights;
  readonly train: Windows;
  readonly folder: RunFolder;
  /** Go on from the folder's last checkpoint. */
  readonly resume: boolean;
  readonly onEvent?: (event: HyperfitEvent) => void;
}

export type HyperfitEvent =
  | { readonly kind: 'prefix'; readonly share: number }
  | { readonly kind: 'step'; readonly record: StepRecord; readonly totalSteps: number }
  | { readonly kind: 'epoch'; readonly record: EpochRecord }
  | { readonly kind: 'stopped'; readonly reason: string };

export interface HyperfitResult {
  readonly epochs: readonly EpochRecord[];
  /** Trained matrices or weights by name. */
  readonly trainables: ReadonlyMap<string, Float32Array>;
  readonly trainableParameters: number;
  /** Tokens trained on in this process, and the seconds that the steps took. */
  readonly trainedTokens: number;
  readonly trainingSeconds: number;
}

export async function hyperfit(job: HyperfitJob): Promise<HyperfitResult> {
  const { recipe } = job.folder.configuration;
  const run = await HyperfitRun.start(job, recipe);
  try {
    return await run.toTheEnd();
  } catch (error) {
    if (job.signal?.aborted && error === job.signal.reason) await run.saveCheckpoint();
    throw error;
  } finally {
    await run.close();
  }
}

class HyperfitRun {
  readonly #job: HyperfitJob;
  readonly #recipe: Recipe;
  readonly #trainer: Trainer;
  readonly #trainFeed: WindowFeed;
  readonly #heldOutFeed: WindowFeed;
  readonly #prefix: FrozenPrefix | undefined;
  readonly #stepsPerEpoch: number;
  readonly #batch: number;
  readonly #epochs: EpochRecord[];
  #lossesOfEpoch: StepRecord[];
  #epoch: number;
  #trainedTokens = 0;
  #trainingSeconds = 0;

  private constructor(fields: {
    job: HyperfitJob;
    recipe: Recipe;
    trainer: Trainer;
    feeds: readonly [WindowFeed, WindowFeed];
    prefix: FrozenPrefix | undefined;
    batch: number;
    checkpoint: Checkpoint | undefined;
    epochs: EpochRecord[];
    steps: StepRecord[];
  }) {
    this.#job = fields.job;
    this.#recipe = fields.recipe;
    this.#trainer = fields.trainer;
    [this.#trainFeed, this.#heldOutFeed] = fields.feeds;
    this.#prefix = fields.prefix;
    this.#batch = fields.batch;
    this.#stepsPerEpoch = Math.floor(fields.job.train.length / fields.batch);
    this.#epochs = fields.epochs;
    this.#epoch = fields.checkpoint?.epoch ?? 0;
    this.#lossesOfEpoch = fields.steps.filter(({ epoch }) => epoch === this.#epoch + 1);
  }

  static async start(job: HyperfitJob, recipe: Recipe): Promise<HyperfitRun> {
    const { architecture, weights, folder, train, heldOut } = job;
    const { runtime } = weights;
    const plan = planTraining(architecture, parseScope(recipe.scope, architecture.geometry), recipe);
    const batch = Math.min(recipe.batch, train.length);
    const shape = { batch, length: recipe.windowLength };
    const checkpoint = job.resume ? await folder.loadCheckpoint() : undefined;
    await folder.rewindTo(checkpoint ?? { step: 0, epoch: 0 });
    const prefix =
      plan.firstBlock === 0
        ? undefined
        : await FrozenPrefix.create(architecture, weights, plan.firstBlock, shape);
    const feeds = await Promise.all([openFeed(train, 'train'), openFeed(heldOut, 'held-out')]);
    const trainer = await Trainer.create({
      plan,
      weights,
      shape,
      optimizer: recipe,
      seed: recipe.seed,
      ...(checkpoint && { initial: checkpoint.trainables }),
    });
    if (checkpoint)
      trainer.optimizer.restore(checkpoint.step, checkpoint.firstMoments, checkpoint.secondMoments);
    return new HyperfitRun({
      job,
      recipe,
      trainer,
      feeds,
      prefix,
      batch,
      checkpoint,
      epochs: await folder.readEpochs(),
      steps: await folder.readSteps(),
    });

    async function openFeed(windows: Windows, name: string): Promise<WindowFeed> {
      if (prefix === undefined || windows.length === 0) return feedTokens(runtime, windows);
      if (!recipe.prefixCache) return feedPrefix(prefix, windows);
      return openPrefixCache({
        prefix,
        windows,
        runtime,
        path: folder.file(`prefix-${name}.cache`),
        fingerprint: folder.configuration.fingerprint,
        signal: job.signal,
        onProgress: (share) => job.onEvent?.({ kind: 'prefix', share: name === 'train' ? share : 1 }),
      });
    }
  }

  async toTheEnd(): Promise<HyperfitResult> {
    if (this.#epochs.length === 0)
      await this.#finishEpoch(0, await this.#measureTraining(WINDOWS_MEASURED_FIRST));
    let reason = this.#stopReason();
    while (this.#epoch < this.#recipe.epochs && reason === undefined) {
      await this.#runEpoch(this.#epoch + 1);
      reason = this.#stopReason();
    }
    if (reason !== undefined) this.#job.onEvent?.({ kind: 'stopped', reason });
    await deletePrefixCache(this.#job.folder.file('prefix-train.cache'));
    await deletePrefixCache(this.#job.folder.file('prefix-held-out.cache'));
    const trainables = await this.#read(this.#trainer.trainables);
    return {
      epochs: this.#epochs,
      trainables,
      trainableParameters: [...trainables.values()].reduce((sum, { length }) => sum + length, 0),
      trainedTokens: this.#trainedTokens,
      trainingSeconds: this.#trainingSeconds,
    };
  }

  async close(): Promise<void> {
    await this.#trainFeed.close();
    await this.#heldOutFeed.close();
    await this.#prefix?.release();
    await this.#trainer.release();
  }

  get #step(): number {
    return this.#trainer.optimizer.state.step;
  }

  async #runEpoch(epoch: number): Promise<void> {
    const { signal, folder, onEvent, train } = this.#job;
    const places = train.map((_, place) => place);
    const order = new Random(epochSeed(this.#recipe.seed, epoch)).shuffled(places);
    const totalSteps = this.#stepsPerEpoch * this.#recipe.epochs;
    while (this.#step < epoch * this.#stepsPerEpoch) {
      signal?.throwIfAborted();
      const within = this.#step - (epoch - 1) * this.#stepsPerEpoch;
      const chosen = order.slice(within * this.#batch, (within + 1) * this.#batch);
      const learningRate = learningRateAt(this.#step + 1, totalSteps, this.#recipe);
      const started = performance.now();
      const result = await this.#trainer.step(this.#trainFeed, train, chosen, learningRate);
      this.#trainingSeconds += (performance.now() - started) / 1000;
      this.#trainedTokens += this.#batch * this.#recipe.windowLength;
      const record = { step: this.#step, epoch, ...result, learningRate };
      this.#lossesOfEpoch.push(record);
      await folder.appendStep(record);
      onEvent?.({ kind: 'step', record, totalSteps });
    }
    await this.#finishEpoch(epoch, {
      loss: mean(this.#lossesOfEpoch.map(({ loss }) => loss)),
      tokenAccuracy: mean(this.#lossesOfEpoch.map(({ tokenAccuracy }) => tokenAccuracy)),
    });
  }

  /**
   * Measures on held-out text, records the epoch and keeps a checkpoint. What an update has spoilt shows in the next
   * loss only: so without held-out text, some training text is measured, and no spoilt state is ever kept.
   */
  async #finishEpoch(epoch: number, training: Pick<Evaluation, 'loss' | 'tokenAccuracy'>): Promise<void> {
    const { heldOut, folder, onEvent, signal } = this.#job;
    let validation: Evaluation | undefined;
    if (heldOut.length > 0) validation = await this.#trainer.evaluate(this.#heldOutFeed, heldOut, signal);
    else await this.#measureTraining(this.#batch);
    const overlay = { adapter: this.#trainer.plan.adapter, tensors: this.#trainer.trainables };
    const samples = await writeSamples(this.#job, this.#recipe, overlay);
    const record: EpochRecord = {
      epoch,
      step: this.#step,
      trainLoss: training.loss,
      tokenAccuracy: training.tokenAccuracy,
      validationLoss: validation?.loss ?? null,
      entropy: validation?.entropy ?? null,
      ...samples,
    };
    await folder.appendEpoch(record);
    this.#epochs.push(record);
    this.#epoch = epoch;
    this.#lossesOfEpoch = [];
    if (epoch > 0) await this.saveCheckpoint();
    onEvent?.({ kind: 'epoch', record });
  }

  /** Measures the first `count` training windows. */
  #measureTraining(count: number): Promise<Evaluation> {
    return this.#trainer.evaluate(this.#trainFeed, this.#job.train.slice(0, count), this.#job.signal);
  }

  /** Keeps the present state; nothing happens where there is none yet, or it is kept already. */
  async saveCheckpoint(): Promise<void> {
    if (this.#step === 0) return;
    const { state } = this.#trainer.optimizer;
    const checkpoint: Checkpoint = {
      step: this.#step,
      epoch: this.#epoch,
      trainables: await this.#read(this.#trainer.trainables),
      firstMoments: await this.#read(state.first),
      secondMoments: await this.#read(state.second),
    };
    const keep = this.#recipe.keepEveryEpoch && this.#lossesOfEpoch.length === 0;
    await this.#job.folder.saveCheckpoint(checkpoint, this.#trainer.shapes, keep);
  }

  async #read(tensors: Trainer['trainables']): Promise<ReadonlyMap<string, Float32Array>> {
    const entries: [string, Float32Array][] = [];
    for (const [name, tensor] of tensors)
      entries.push([name, ((await tensor.read()) as Float32Array).slice()]);
    return new Map(entries);
  }

  #stopReason(): string | undefined {
    const { stopAtLoss, stopAtAccuracy } = this.#recipe;
    const trained = this.#epochs.filter(({ epoch }) => epoch > 0);
    const last = trained.at(-1);
    if (last === undefined) return undefined;
    if (stopAtLoss && trained.length >= stopAtLoss.epochs) {
      const recent = trained.slice(-stopAtLoss.epochs);
      if (recent.every(({ trainLoss }) => trainLoss < stopAtLoss.loss)) {
        return `The training loss stayed below ${stopAtLoss.loss} for ${stopAtLoss.epochs} epochs.`;
      }
    }
    if (stopAtAccuracy !== null && last.tokenAccuracy >= stopAtAccuracy) {
      return `${(last.tokenAccuracy * 100).toFixed(1)} % of the training tokens are predicted right.`;
    }
    return undefined;
  }
}

/** Every epoch has an order of its own, which depends on nothing but the seed and its number. */
function epochSeed(seed: number, epoch: number): number {
  return (Math.imul(seed + 1, 0x9e3779b1) + epoch) >>> 0;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
