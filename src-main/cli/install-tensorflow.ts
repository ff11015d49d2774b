/**
 * npm run tensorflow:install [-- --gpu] [-- --remove]: gets the TensorFlow runtime into the lab's data folder, or takes it
 * away. It says first what will be fetched, how large it is and from where.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { LabError } from '../engine/errors.ts';
import { packDeviceSchema, packFolder } from '../engine/runtimes/tensorflow/pack.ts';
import { type InstallStage, installPack, removePack } from '../lab/packs/install.ts';
import { adviceFor, downloadBytes, offersFor } from '../lab/packs/offers.ts';
import { hostOf, packageIndex } from '../lab/packs/package-index.ts';
import { packPlaces } from '../lab/packs/places.ts';
import { abortOnInterrupt } from './interrupt.ts';
import { Progress } from './progress.ts';

const USAGE = 'npm run tensorflow:install [-- --gpu] [-- --remove]';
const RESOURCES = path.join(import.meta.dirname, '..', '..', 'resources');
const STAGES: Readonly<Record<InstallStage, string>> = {
  checking: 'Checking what is there',
  downloading: 'Downloading',
  unpacking: 'Unpacking',
  binding: 'Making the binding',
  saving: 'Saving',
};

process.exitCode = await main();

async function main(): Promise<number> {
  const progress = new Progress();
  try {
    await work(progress);
    return 0;
  } catch (error) {
    progress.clear();
    const isStopped = error instanceof Error && error.name === 'AbortError';
    if (!isStopped && !(error instanceof LabError)) throw error;
    const message = isStopped
      ? 'Stopped. What was downloaded stays, and the next try goes on with it.'
      : error.message;
    process.stderr.write(`${message}\n`);
    return isStopped ? 130 : 1;
  }
}

async function work(progress: Progress): Promise<void> {
  const { gpu, remove } = readWords();
  const device = gpu ? 'gpu' : 'cpu';
  const { packs } = packPlaces();
  if (remove) {
    // Without --gpu, all that was installed.
    for (const one of gpu ? (['gpu'] as const) : packDeviceSchema.options) {
      const isRemoved = await removePack(packs, one);
      progress.say(`${packFolder(packs, one)}: ${isRemoved ? 'removed' : 'is not there'}.`);
    }
    return;
  }
  const offer = offersFor().find((one) => one.device === device);
  if (offer === undefined)
    throw new LabError(
      'runtime-unavailable',
      gpu && offersFor().length > 0
        ? 'TensorFlow for graphics cards (CUDA) exists for Linux on x64 alone. Leave out --gpu.'
        : adviceFor(),
    );
  const index = packageIndex();
  progress.say(
    `TensorFlow for the ${gpu ? 'graphics card (NVIDIA, CUDA 12)' : 'processor'}: ${megabytes(downloadBytes(offer))} from ${hostOf(index)}, ${megabytes(offer.diskBytes)} in ${packFolder(packs, device)}.${offer.isTried ? '' : ' The authors have not tried it on such a computer.'}`,
  );
  const folder = await installPack({
    ...{ packs, offer, index, resources: RESOURCES, signal: abortOnInterrupt() },
    onProgress: (stage, share) => progress.show(STAGES[stage], share),
  });
  progress.say(
    `TensorFlow is in ${folder}, with its licences (${readdirSync(path.join(folder, 'licences')).join(', ')}). Use it by --runtime tensorflow, or measure it in Settings.`,
  );
}

function readWords(): { gpu: boolean; remove: boolean } {
  try {
    const { values } = parseArgs({
      options: { gpu: { type: 'boolean', default: false }, remove: { type: 'boolean', default: false } },
    });
    return values;
  } catch (cause) {
    throw new LabError('bad-argument', `Usage: ${USAGE}`, {}, { cause });
  }
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
