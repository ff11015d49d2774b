/** A data folder as it is after some use: a model and a text of a person's own, two finished runs, a comparison and two experiments. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  PACK_FILE,
  type PackManifest,
  packFolder,
  TENSORFLOW_VERSION,
  TFJS_VERSION,
} from '../../src-main/engine/runtimes/tensorflow/pack.ts';
import { findRecipe } from '../../src-main/engine/training/recipe.ts';
import { forkEngine } from '../../src-main/lab/jobs/fork-engine.ts';
import { Lab } from '../../src-main/lab/lab.ts';
import { Client } from '../../src-preload/contract/client.ts';
import { comparisonRequestSchema } from '../../src-preload/contract/endpoints/comparison.ts';
import { type LabContract, labContract } from '../../src-preload/contract/lab-contract.ts';
import { serve } from '../../src-preload/contract/server.ts';
import { inProcessPair } from '../../src-preload/contract/transport.ts';
import { ROOT } from '../cli/run-lab.ts';

export interface Names {
  /** Of the model, the text, the runs and the comparison. */
  readonly name: string;
  readonly text: string;
  /** README.md of the model's folder. */
  readonly modelCard: string;
}

/** @param folder an empty one. @returns the lab's data folder */
export async function makeUsedLab(folder: string, { name, text, modelCard }: Names): Promise<string> {
  const dataFolder = path.join(folder, 'data');
  const modelFolder = path.join(folder, 'models', name);
  const dataFile = path.join(folder, `${name}.txt`);
  await mkdir(dataFolder);
  await cp(path.join(ROOT, 'resources/starter-model'), modelFolder, { recursive: true });
  await writeFile(path.join(modelFolder, 'README.md'), modelCard);
  await writeFile(dataFile, text);
  await putPack(dataFolder);

  const lab = await Lab.open({
    dataFolder,
    resources: path.join(ROOT, 'resources'),
    startEngine: () => forkEngine(path.join(ROOT, 'src-main/lab/jobs/engine-process.ts')),
    roots: [folder],
    version: '0.0.0',
  });
  const pair = inProcessPair();
  serve(labContract, lab.answers, pair.server);
  const client = new Client(labContract, pair.client);
  await client.call('models.add', { folder: modelFolder });
  await client.call('texts.add', { file: dataFile });
  const runs: number[] = [];
  for (const epochs of [1, 2]) runs.push(await train(client, { name, modelFolder, dataFile, epochs }));
  await compare(client, [null, ...runs], { name, modelFolder });
  for (const kind of ['entropy-match', 'rank-origin'] as const) await analyse(client, kind, runs[0]!);
  await lab.close();
  return dataFolder;
}

/** TensorFlow as if it were installed; it is never loaded. */
async function putPack(dataFolder: string): Promise<void> {
  const pack = packFolder(path.join(dataFolder, 'packs'), 'cpu');
  await mkdir(pack, { recursive: true });
  const manifest: PackManifest = {
    ...{ version: 1, tensorflow: TENSORFLOW_VERSION, tfjs: TFJS_VERSION, device: 'cpu', files: {} },
  };
  await writeFile(path.join(pack, PACK_FILE), JSON.stringify(manifest));
}

async function train(
  client: Client<LabContract>,
  { epochs, ...asked }: { name: string; modelFolder: string; dataFile: string; epochs: number },
): Promise<number> {
  const { run } = await client.call('runs.start', {
    ...asked,
    recipeName: null,
    recipe: {
      ...findRecipe('quick').settings,
      ...{ scope: 'last:1', rank: 2, alpha: 4, epochs, windows: 8, windowLength: 32, samples: 2 },
    },
  });
  await settled(client, 'runs', run);
  return run;
}

async function compare(
  client: Client<LabContract>,
  runs: readonly (number | null)[],
  { name, modelFolder }: { name: string; modelFolder: string },
): Promise<void> {
  const { comparison } = await client.call(
    'comparisons.start',
    comparisonRequestSchema.parse({
      arms: runs.map((run) => ({ name, modelFolder, run, checkpoint: null })),
      prompts: ['Once upon a time', name],
      references: ['there was a harbour', name],
      maxNewTokens: 24,
    }),
  );
  await settled(client, 'comparisons', comparison);
}

async function analyse(
  client: Client<LabContract>,
  kind: 'entropy-match' | 'rank-origin',
  run: number,
): Promise<void> {
  const asked = { kind, run, checkpoint: null, texts: 2, promptTokens: 8, maxNewTokens: 16, seed: 1 };
  const { experiment } = await client.call('experiments.start', asked);
  await settled(client, 'experiments', experiment);
}

/** @throws where it ends in another way */
async function settled(
  client: Client<LabContract>,
  list: 'runs' | 'comparisons' | 'experiments',
  id: number,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const stop = client.watch(list, (items) => {
    const state = items.find((item) => item.id === id)?.state;
    if (state && !['waiting', 'running', 'writing'].includes(state)) resolve(state);
  });
  const state = await promise;
  stop();
  if (state !== 'finished') throw new Error(`It is ${state}.`);
}
