/** Whole runs on a tiny model: what a run keeps, resumes and repeats. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recognizeArchitecture } from '../architectures/recognize.ts';
import { openModelFolder } from '../formats/model-folder.ts';
import { writeSafetensors } from '../formats/safetensors.ts';
import { Decoder } from '../generation/decoder.ts';
import { Weights } from '../model/weights.ts';
import { Random } from '../random.ts';
import { CpuRuntime } from '../runtimes/onnxruntime/cpu-runtime.ts';
import { deleteCaches } from './feeds.ts';
import { hyperfit } from './hyperfit.ts';
import type { HyperfitEvent, Wishes } from './hyperfit-job.ts';
import { findRecipe, type Recipe } from './recipe.ts';
import { RunFolder } from './run-folder.ts';

const MODEL = path.join(import.meta.dirname, '../../../tests/golden/fixtures/llama');
const recipe: Recipe = {
  ...findRecipe('quick').settings,
  scope: 'last:2',
  rank: 4,
  alpha: 8,
  epochs: 4,
  batch: 2,
  windowLength: 16,
  samples: 2,
  samplesEvery: 1,
  promptTokens: 4,
  sampleTokens: 8,
};
const random = new Random(3);
const windows = (count: number) =>
  Array.from({ length: count }, () => Int32Array.from({ length: 16 }, () => random.below(300)));
const [train, heldOut] = [windows(7), windows(3)];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'hyperfit-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Options {
  readonly changes?: Partial<Recipe>;
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: HyperfitEvent) => void;
  readonly heldOutCount?: number;
  readonly cacheFolder?: string;
  readonly wishes?: Wishes;
}

async function run(
  name: string,
  {
    changes = {},
    resume = false,
    signal,
    onEvent,
    heldOutCount = heldOut.length,
    cacheFolder,
    wishes,
  }: Options = {},
) {
  const model = await openModelFolder(MODEL);
  const architecture = recognizeArchitecture(model.config);
  const weights = new Weights(model, architecture, new CpuRuntime());
  const place = path.join(folder, name);
  const configuration = {
    version: 1 as const,
    created: '2026-01-01T00:00:00Z',
    model: MODEL,
    fingerprint: model.fingerprint,
    data: 'text.txt',
    windowsHash: '',
    runtime: 'cpu',
    recipeName: null,
    recipe: { ...recipe, ...changes },
  };
  const runFolder = resume ? (await RunFolder.open(place))! : await RunFolder.create(place, configuration);
  try {
    const result = await hyperfit({
      architecture,
      weights,
      decoder: new Decoder(architecture, weights),
      train,
      heldOut: heldOut.slice(0, heldOutCount),
      decode: (tokens) => tokens.join(' '),
      endOfText: [],
      folder: runFolder,
      resume,
      cacheFolder,
      writeTrained: (place, trained) =>
        writeSafetensors(
          path.join(place, 'trained.safetensors'),
          [...trained].map(([name, data]) => ({ name, shape: [data.length], data })),
        ),
      wishes,
      signal,
      ...(onEvent && { onEvent }),
    });
    return { ...result, steps: await runFolder.readSteps(), folder: runFolder };
  } finally {
    await model.close();
  }
}

describe('a hyperfit run', () => {
  it('measures before step 1 and after every epoch, and learns', async () => {
    const { epochs, steps, trainables } = await run('a');
    expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4]);
    expect(epochs.at(-1)!.trainLoss).toBeLessThan(epochs[0]!.trainLoss);
    expect(
      epochs.every(
        ({ validationLoss, entropy, ttr, rep2, samples }) =>
          [validationLoss, entropy, ttr, rep2].every(Number.isFinite) && samples.length === 2,
      ),
    ).toBe(true);
    // Seven windows are three batches of two; one is left over, another one each epoch.
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect([...trainables.keys()].every((name) => /layers\.[12]\..*lora_/.test(name))).toBe(true);
  });

  it('writes its texts at some epochs only when asked to, and always when it is over', async () => {
    const whole = await run('whole', { changes: { samplesEvery: 1 } });
    const writtenAt = ({ epochs }: typeof whole) =>
      epochs.flatMap(({ epoch, samples }) => (samples.length > 0 ? [epoch] : []));
    const some = await run('some', { changes: { samplesEvery: 3 } });
    expect(writtenAt(some)).toEqual([0, 3, 4]);
    for (const epoch of [0, 3, 4]) expect(some.epochs[epoch]).toEqual(whole.epochs[epoch]);
    expect(some.epochs[1]).toEqual({ ...whole.epochs[1], ttr: null, rep2: null, samples: [] });
    const stopAtLoss = { loss: 100, epochs: 2 };
    const stopped = await run('stopped', { changes: { samplesEvery: 4, stopAtLoss } });
    expect(writtenAt(stopped)).toEqual([0, 2]);
  });

  it('measures the same however many windows a batch holds', async () => {
    // Three held-out windows are measured at once, or two and one beside one that fills the batch.
    const [first, other] = [
      await run('a', { changes: { batch: 4, epochs: 1 } }),
      await run('b', { changes: { batch: 2, epochs: 1 } }),
    ];
    const close = (a: number | null, b: number | null) => expect(Math.abs(a! - b!)).toBeLessThan(1e-5);
    close(first.epochs[0]!.validationLoss, other.epochs[0]!.validationLoss);
    close(first.epochs[0]!.entropy, other.epochs[0]!.entropy);
    close(first.epochs[0]!.trainLoss, other.epochs[0]!.trainLoss);
  });

  it.each([['last:2'], ['full'], ['blocks:2']])(
    'gives the same losses again, and with the frozen blocks run anew, for %s',
    async (scope) => {
      const [first, again, uncached] = [
        await run('a', { changes: { scope } }),
        await run('b', { changes: { scope } }),
        await run('c', { changes: { scope, prefixCache: false } }),
      ];
      expect(again.steps).toEqual(first.steps);
      expect(again.epochs).toEqual(first.epochs);
      for (const [index, { loss }] of uncached.steps.entries())
        expect(Math.abs(loss - first.steps[index]!.loss)).toBeLessThan(1e-5);
    },
  );

  it.each([['last:2'], ['full']])(
    'computed a few windows at a time learns the same but for rounding, to the bit again, for %s',
    async (scope) => {
      const changes = { scope, batch: 6, epochs: 6, gradientClipping: 1 };
      const whole = await run('whole', { changes });
      const inParts = { ...changes, microBatch: 2 };
      const parts = await run('parts', { changes: inParts });
      for (const [index, { loss }] of parts.steps.entries())
        expect(Math.abs(loss - whole.steps[index]!.loss)).toBeLessThan(1e-4);
      expect(parts.steps.at(-1)!.loss).toBeLessThan(parts.steps[0]!.loss);
      const controller = new AbortController();
      const onEvent = (event: HyperfitEvent) => {
        if (event.kind === 'step' && event.record.step === 3) controller.abort();
      };
      const stopped = run('stopped', { changes: inParts, signal: controller.signal, onEvent });
      await expect(stopped).rejects.toThrow(/abort/);
      const resumed = await run('stopped', { resume: true });
      expect(resumed.steps).toEqual(parts.steps);
      expect([...resumed.trainables]).toEqual([...parts.trainables]);
    },
  );

  it('has the same losses with attention computed twice', async () => {
    const changes = { epochs: 2 };
    const kept = await run('kept', { changes });
    const again = await run('again', { changes: { ...changes, recomputeAttention: true } });
    for (const [index, { loss }] of again.steps.entries())
      expect(Math.abs(loss - kept.steps[index]!.loss)).toBeLessThan(1e-5);
  });

  it('shows the same windows in another order where that has a seed of its own', async () => {
    const first = await run('a');
    const [same, other] = [
      await run('b', { changes: { orderSeed: recipe.seed } }),
      await run('c', { changes: { orderSeed: recipe.seed + 1 } }),
    ];
    expect(same.steps).toEqual(first.steps);
    // What was measured before anything was learned knows of no order.
    expect(other.epochs[0]).toEqual(first.epochs[0]);
    expect(other.steps).not.toEqual(first.steps);
  });

  it('goes on with what an earlier run has kept of fewer frozen blocks, and learns the same', async () => {
    const cacheFolder = path.join(folder, 'caches');
    await mkdir(cacheFolder);
    const shares: number[] = [];
    const onEvent = (event: HyperfitEvent) => event.kind === 'prefix' && shares.push(event.share);
    const alone = await run('alone', { changes: { scope: 'last:1' }, onEvent });
    // Four batches through the embedding and two blocks; then through the second block alone; then not at all.
    expect(shares.splice(0)).toHaveLength(12);
    await run('before', { changes: { scope: 'last:2' }, cacheFolder });
    shares.splice(0);
    const shared = await run('shared', { changes: { scope: 'last:1' }, cacheFolder, onEvent });
    expect(shares.splice(0)).toEqual([0.25, 0.5, 0.75, 1]);
    expect(shared.steps).toEqual(alone.steps);
    expect(shared.epochs).toEqual(alone.epochs);
    const again = await run('again', { changes: { scope: 'blocks:3' }, cacheFolder, onEvent });
    expect(shares).toEqual([]);
    expect(again.steps).toEqual(alone.steps);
  });

  it.each([1, 2, 4, 7, 11])(
    'that is stopped at step %i goes on to exactly the same losses',
    async (stopAt) => {
      const whole = await run('whole');
      const controller = new AbortController();
      const onEvent = (event: HyperfitEvent) => {
        if (event.kind === 'step' && event.record.step === stopAt) controller.abort();
      };
      await expect(run('stopped', { signal: controller.signal, onEvent })).rejects.toThrow();
      const resumed = await run('stopped', { resume: true });
      expect(resumed.steps).toEqual(whole.steps);
      expect(resumed.epochs).toEqual(whole.epochs);
      expect([...resumed.trainables]).toEqual([...whole.trainables]);
    },
  );

  it.each(['after its last step', 'when it is over'])(
    'that is stopped in an epoch %s keeps what it has learned and goes on to the same losses',
    async (moment) => {
      const whole = await run('whole');
      const controller = new AbortController();
      const onEvent = (event: HyperfitEvent) => {
        if (moment === 'when it is over' && event.kind === 'epoch' && event.record.epoch === 2)
          controller.abort();
        if (moment === 'after its last step' && event.kind === 'step' && event.record.step === 6)
          controller.abort();
      };
      await expect(run('stopped', { signal: controller.signal, onEvent })).rejects.toThrow(/abort/);
      const [kept] = await readdir(path.join(folder, 'stopped', 'checkpoints'));
      expect(kept).toMatch(/^step-00000006/);
      const resumed = await run('stopped', { resume: true });
      expect([resumed.steps, resumed.epochs]).toEqual([whole.steps, whole.epochs]);
    },
  );

  it('refuses to go on from a checkpoint whose numbers changed', async () => {
    await run('a', { changes: { epochs: 1 } });
    const [name] = await readdir(path.join(folder, 'a', 'checkpoints'));
    const file = path.join(folder, 'a', 'checkpoints', name!, 'trainables.safetensors');
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    await expect(run('a', { resume: true })).rejects.toMatchObject({ code: 'bad-checkpoint' });
  });

  it('begins in a folder where a crash came between the folder and its run.json', async () => {
    await mkdir(path.join(folder, 'a'));
    await writeFile(path.join(folder, 'a', 'run.json.tmp'), '{"ver');
    expect((await run('a', { changes: { epochs: 1 } })).steps).toHaveLength(3);
  });

  it('leaves one checkpoint, no temporary files, and its caches until they are deleted', async () => {
    await run('a');
    await deleteCaches(path.join(folder, 'a'));
    expect((await readdir(path.join(folder, 'a'))).sort()).toEqual([
      'checkpoints',
      'epochs.jsonl',
      'run.json',
      'steps.jsonl',
    ]);
    expect(await readdir(path.join(folder, 'a', 'checkpoints'))).toEqual(['step-00000012-epoch-0004']);
  });

  it('tells how far the frozen blocks are, and when it is stopped there, nothing of it is still under way', async () => {
    const shares: number[] = [];
    await run('a', { onEvent: (event) => event.kind === 'prefix' && shares.push(event.share) });
    expect(shares).toEqual(shares.toSorted((first, second) => first - second));
    expect(shares.at(-1)).toBe(1);
    const controller = new AbortController();
    const onEvent = () => controller.abort();
    await expect(run('b', { signal: controller.signal, onEvent })).rejects.toThrow(/abort/);
    // What is held out comes after what is trained on, so its cache was not even begun.
    const present = await readdir(path.join(folder, 'b'));
    expect(present).toContain('prefix-train.cache');
    expect(present).not.toContain('prefix-held-out.cache');
  });

  it('keeps what every epoch has learned when asked to', async () => {
    const events: HyperfitEvent[] = [];
    const onEvent = (event: HyperfitEvent) => events.push(event);
    await run('a', { changes: { keepEveryEpoch: true, epochs: 2 }, onEvent });
    const kept = ['step-00000003-epoch-0001', 'step-00000006-epoch-0002'];
    expect(await readdir(path.join(folder, 'a', 'kept'))).toEqual(kept);
    const told = events.flatMap((event) => (event.kind === 'checkpoint' ? [event.checkpoint] : []));
    const place = await RunFolder.open(path.join(folder, 'a'));
    expect((await place!.checkpoints.list()).slice(0, 2)).toEqual(
      told.filter((checkpoint) => checkpoint.kept),
    );
    expect(await place!.checkpoints.list()).toEqual(expect.arrayContaining([told.at(-2)]));
  });

  it('keeps the state of now, and ends after the step under way, when that is wished', async () => {
    const wishes = { finish: false, keep: false };
    const ended = await run('a', {
      wishes,
      onEvent: (event) => {
        if (event.kind !== 'step') return;
        if (event.record.step === 4) wishes.keep = true;
        if (event.record.step === 5) wishes.finish = true;
      },
    });
    expect(ended.steps).toHaveLength(5);
    expect(ended.stopped).toContain('after step 5');
    expect(await readdir(path.join(folder, 'a', 'kept'))).toEqual(['step-00000004-epoch-0001']);
    expect(await readdir(path.join(folder, 'a', 'checkpoints'))).toEqual(['step-00000005-epoch-0001']);
    expect(wishes.keep).toBe(false);
  });

  it('stops when a stop rule holds, and says why', async () => {
    const events: HyperfitEvent[] = [];
    const { epochs } = await run('a', {
      changes: { stopAtLoss: { loss: 100, epochs: 2 } },
      onEvent: (event) => events.push(event),
    });
    expect(epochs.at(-1)!.epoch).toBe(2);
    expect(events.at(-1)).toEqual({
      kind: 'stopped',
      reason: 'The training loss stayed below 100 for 2 epochs.',
    });
    expect((await run('b', { changes: { stopAtAccuracy: 0 } })).epochs.at(-1)!.epoch).toBe(1);
  });

  it('stops at a loss that is no number, keeps the last good checkpoint and says what to do', async () => {
    const failing = run('a', { changes: { learningRate: 1e30, scope: 'full' } });
    await expect(failing).rejects.toMatchObject({
      code: 'non-finite-loss',
      message: expect.stringContaining('the learning rate is too high'),
    });
  });

  it.each([[3], [0]])(
    'never keeps weights that the last update of an epoch spoilt (%i held-out windows)',
    async (heldOutCount) => {
      const spoilt = run('a', {
        changes: { learningRate: 1e30, scope: 'full', batch: 7 },
        heldOutCount,
      });
      await expect(spoilt).rejects.toMatchObject({ code: 'non-finite-loss' });
      await expect(readdir(path.join(folder, 'a', 'checkpoints'))).rejects.toThrow(/ENOENT/);
    },
  );

  it('clips gradients when asked to', async () => {
    const [free, clipped] = [
      await run('a', { changes: { epochs: 1 } }),
      await run('b', { changes: { epochs: 1, gradientClipping: 1e-6 } }),
    ];
    expect(clipped.steps.at(-1)!.loss).not.toBe(free.steps.at(-1)!.loss);
  });
});
