/**
 * The main job: hyperfit a model on token windows. Measure, then epoch after epoch: shuffle, step, measure, now and then
 * write some text, keep a checkpoint; until the epochs are over or a stop rule holds. Everything goes into the run's folder, so a
 * run that was killed goes on from its last checkpoint with exactly the losses it would have had.
 */
import { Random } from '../random.ts';
import type { Checkpoint, CheckpointFiles } from './checkpoints.ts';
import { type Feeds, openFeeds } from './feeds.ts';
import type { HyperfitJob, HyperfitResult, Trainables } from './hyperfit-job.ts';
import { microBatchOf } from './micro-batch.ts';
import { multiplyAdds } from './multiply-adds.ts';
import { type Recipe, windowsMeasuredFirst } from './recipe.ts';
import type { EpochRecord, Samples, StepRecord } from './records.ts';
import { epochsBetweenSamples, hasSamples } from './sample-epochs.ts';
import { NO_SAMPLES, writeSamples } from './samples.ts';
import { learningRateAt } from './schedule.ts';
import { parseScope } from './scope.ts';
import { stoppedByHand, stopReason } from './stop-rules.ts';
import { type Evaluation, Trainer } from './trainer.ts';
import { planTraining } from './training-graph.ts';

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

type Measured = Omit<EpochRecord, keyof Samples>;

class HyperfitRun {
  readonly #job: HyperfitJob;
  readonly #recipe: Recipe;
  readonly #trainer: Trainer;
  readonly #feeds: Feeds;
  readonly #stepsPerEpoch: number;
  readonly #batch: number;
  /** Epochs from one writing of sample texts to the next. */
  readonly #samplesEvery: number;
  readonly #epochs: EpochRecord[];
  #lossesOfEpoch: StepRecord[];
  #epoch: number;
  #trainedTokens = 0;
  #trainingSeconds = 0;
  #measuringSeconds = 0;

  private constructor(fields: {
    job: HyperfitJob;
    recipe: Recipe;
    trainer: Trainer;
    feeds: Feeds;
    batch: number;
    checkpoint: Checkpoint | undefined;
    epochs: EpochRecord[];
    steps: StepRecord[];
  }) {
    this.#job = fields.job;
    this.#recipe = fields.recipe;
    this.#trainer = fields.trainer;
    this.#feeds = fields.feeds;
    this.#batch = fields.batch;
    const { architecture, weights, train, heldOut } = fields.job;
    this.#stepsPerEpoch = Math.floor(train.length / fields.batch);
    this.#samplesEvery = epochsBetweenSamples(
      multiplyAdds(architecture, weights.layout, fields.recipe),
      fields.recipe,
      { train: train.length, heldOut: heldOut.length },
    );
    this.#epochs = fields.epochs;
    this.#epoch = fields.checkpoint?.epoch ?? 0;
    this.#lossesOfEpoch = fields.steps.filter(({ epoch }) => epoch === this.#epoch + 1);
  }

  static async start(job: HyperfitJob, recipe: Recipe): Promise<HyperfitRun> {
    const { architecture, weights, folder, train, heldOut, signal, onEvent } = job;
    const plan = planTraining(architecture, parseScope(recipe.scope, architecture.geometry), recipe);
    const batch = Math.min(recipe.batch, train.length);
    const shape = { batch: microBatchOf(batch, recipe.microBatch), length: recipe.windowLength };
    const checkpoint = job.resume ? await folder.checkpoints.load() : undefined;
    await folder.checkpoints.sweep();
    await folder.rewindTo(checkpoint ?? { step: 0, epoch: 0 });
    const [epochs, steps] = [await folder.readEpochs(), await folder.readSteps()];
    const feeds = await openFeeds({
      ...{ architecture, weights, train, heldOut, firstBlock: plan.firstBlock, shape, folder, signal },
      cacheFolder: job.cacheFolder,
      onProgress: (share) => onEvent?.({ kind: 'prefix', share }),
    });
    try {
      const trainer = await Trainer.create({
        plan,
        weights,
        shape,
        parts: batch / shape.batch,
        optimizer: recipe,
        seed: recipe.seed,
        ...(checkpoint && { initial: checkpoint.trainables }),
      });
      if (checkpoint)
        trainer.optimizer.restore(checkpoint.step, checkpoint.firstMoments, checkpoint.secondMoments);
      return new HyperfitRun({ job, recipe, trainer, feeds, batch, checkpoint, epochs, steps });
    } catch (error) {
      await feeds.close();
      throw error;
    }
  }

  async toTheEnd(): Promise<HyperfitResult> {
    if (this.#epochs.length === 0) {
      const first = windowsMeasuredFirst(this.#job.train.length);
      await this.#finishEpoch(0, await this.#timed(() => this.#measureTraining(first)));
    }
    let reason = this.#whyOver();
    while (this.#epoch < this.#recipe.epochs && reason === undefined) {
      await this.#runEpoch(this.#epoch + 1);
      reason = this.#whyOver();
    }
    if (reason !== undefined) this.#job.onEvent?.({ kind: 'stopped', reason });
    const trainables = await this.#read(this.#trainer.trainables);
    return {
      epochs: this.#epochs,
      trainables,
      stopped: reason ?? null,
      trainableParameters: [...trainables.values()].reduce((sum, { length }) => sum + length, 0),
      trainedTokens: this.#trainedTokens,
      trainingSeconds: this.#trainingSeconds,
      measuringSeconds: this.#measuringSeconds,
    };
  }

  async close(): Promise<void> {
    await this.#feeds.close();
    await this.#trainer.release();
  }

  get #step(): number {
    return this.#trainer.optimizer.state.step;
  }

  async #runEpoch(epoch: number): Promise<void> {
    const { signal, folder, onEvent, train, wishes } = this.#job;
    const places = train.map((_, place) => place);
    const { seed, orderSeed } = this.#recipe;
    const order = new Random(epochSeed(orderSeed ?? seed, epoch)).shuffled(places);
    const totalSteps = this.#stepsPerEpoch * this.#recipe.epochs;
    while (this.#step < epoch * this.#stepsPerEpoch) {
      signal?.throwIfAborted();
      const within = this.#step - (epoch - 1) * this.#stepsPerEpoch;
      const chosen = order.slice(within * this.#batch, (within + 1) * this.#batch);
      const learningRate = learningRateAt(this.#step + 1, totalSteps, this.#recipe);
      const started = performance.now();
      const result = await this.#trainer.step(this.#feeds.train, train, chosen, learningRate);
      const seconds = (performance.now() - started) / 1000;
      this.#trainingSeconds += seconds;
      this.#trainedTokens += this.#batch * this.#recipe.windowLength;
      const record = { step: this.#step, epoch, ...result, learningRate };
      this.#lossesOfEpoch.push(record);
      await folder.appendStep(record);
      onEvent?.({ kind: 'step', record, totalSteps, seconds });
      if (wishes?.keep) await this.#keep();
      if (wishes?.finish) return this.saveCheckpoint();
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
    const started = performance.now();
    const record: EpochRecord = await this.#timed(async () => {
      let validation: Evaluation | undefined;
      if (heldOut.length > 0) validation = await this.#trainer.evaluate(this.#feeds.heldOut, heldOut, signal);
      else await this.#measureTraining(this.#batch);
      const measured = {
        epoch,
        step: this.#step,
        trainLoss: training.loss,
        tokenAccuracy: training.tokenAccuracy,
        validationLoss: validation?.loss ?? null,
        // JSON knows no other numbers.
        entropy: Number.isFinite(validation?.entropy) ? (validation?.entropy ?? null) : null,
      };
      return { ...measured, ...(await this.#samplesAfter(measured)) };
    });
    await folder.appendEpoch(record);
    this.#epochs.push(record);
    this.#epoch = epoch;
    this.#lossesOfEpoch = [];
    if (epoch > 0) await this.saveCheckpoint();
    if (epoch > 0 && this.#recipe.keepEveryEpoch) await this.#keep();
    onEvent?.({ kind: 'epoch', record, seconds: (performance.now() - started) / 1000 });
  }

  /** Counts the time that it takes as measuring. */
  async #timed<Result>(measure: () => Promise<Result>): Promise<Result> {
    const started = performance.now();
    const result = await measure();
    this.#measuringSeconds += (performance.now() - started) / 1000;
    return result;
  }

  async #samplesAfter(measured: Measured): Promise<Samples> {
    const isLast =
      measured.epoch === this.#recipe.epochs ||
      stopReason(this.#recipe, [...this.#epochs, measured]) !== undefined;
    if (!hasSamples(measured.epoch, this.#samplesEvery, isLast)) return NO_SAMPLES;
    const overlay = { adapter: this.#trainer.plan.adapter, tensors: this.#trainer.trainables };
    return writeSamples(this.#job, this.#recipe, overlay);
  }

  /** Measures the first `count` training windows. */
  #measureTraining(count: number): Promise<Evaluation> {
    return this.#trainer.evaluate(this.#feeds.train, this.#job.train.slice(0, count), this.#job.signal);
  }

  /** Keeps the present state; nothing happens where there is none yet, or it is kept already. */
  async saveCheckpoint(): Promise<void> {
    if (this.#step === 0) return;
    const { state } = this.#trainer.optimizer;
    const { checkpoints } = this.#job.folder;
    const saved = await checkpoints.save(
      {
        ...{ step: this.#step, epoch: this.#epoch },
        trainables: readers(this.#trainer.trainables),
        firstMoments: readers(state.first),
        secondMoments: readers(state.second),
      },
      this.#trainer.shapes,
    );
    this.#tellSaved(saved);
  }

  /** Keeps what is trained now, for good. */
  async #keep(): Promise<void> {
    const { folder, wishes, writeTrained } = this.#job;
    const state = { step: this.#step, epoch: this.#epoch };
    const write = async (place: string) => writeTrained(place, await this.#read(this.#trainer.trainables));
    this.#tellSaved(await folder.checkpoints.keep(state, write));
    if (wishes) wishes.keep = false;
  }

  #tellSaved(checkpoint: CheckpointFiles | undefined): void {
    if (checkpoint) this.#job.onEvent?.({ kind: 'checkpoint', checkpoint });
  }

  async #read(tensors: Trainer['trainables']): Promise<Trainables> {
    const entries: [string, Float32Array][] = [];
    for (const [name, tensor] of tensors)
      entries.push([name, ((await tensor.read()) as Float32Array).slice()]);
    return new Map(entries);
  }

  #whyOver(): string | undefined {
    if (this.#job.wishes?.finish && this.#step > 0) return stoppedByHand(this.#step);
    return stopReason(this.#recipe, this.#epochs);
  }
}

/** Nothing learns while a checkpoint is written: the numbers need not be copied. */
function readers(tensors: Trainer['trainables']): ReadonlyMap<string, () => Promise<Float32Array>> {
  return new Map(
    [...tensors].map(([name, tensor]) => [name, async () => (await tensor.read()) as Float32Array]),
  );
}

/** Every epoch has an order of its own, which depends on nothing but the seed and its number. */
function epochSeed(seed: number, epoch: number): number {
  return (Math.imul(seed + 1, 0x9e3779b1) + epoch) >>> 0;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
