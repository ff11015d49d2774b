/** What follows from the facts of a computer: what is in the way of training, and what would make it faster. */
import { bytes } from '../../../src-preload/contract/amount-words.ts';
import { capitalized } from '../wording.ts';
import type { Facts, Finding, RuntimeFacts } from './facts.ts';

/** The starter model trains in half of it; anything larger does not. */
const LITTLE_MEMORY = 1.5e9;
/** Of a small model's run with its checkpoints. */
const LITTLE_DISK = 2e9;
const SLOW_DISK = 50e6;
/** Of the processor, beside the lab. */
const MUCH_BUSY = 0.25;
/** Vector instructions with which rounded products are faster, not only smaller. */
const KNOW_BFLOAT16 = ['AVX-512 BF16', 'AMX'];
/** So much faster is worth a change. */
const WORTH = 1.15;

export function findingsOf(facts: Facts): Finding[] {
  return [...memory(facts), ...disk(facts), ...processor(facts), ...runtimes(facts)];
}

function* memory({ machine, freeMemoryBytes }: Facts): Generator<Finding> {
  const { memoryBytes, memoryLimitBytes } = machine;
  if (memoryLimitBytes !== null) {
    yield hint(
      `This computer has ${bytes(memoryBytes)} of memory, but the lab may use only ${bytes(memoryLimitBytes)}: a container or a control group limits it. Raise that limit to train larger models.`,
    );
  }
  if (freeMemoryBytes < LITTLE_MEMORY) {
    yield problem(
      `Only ${bytes(freeMemoryBytes)} of memory are free. Close other programs, or train the starter model, a few blocks (--scope last:5) or small parts of a batch (--micro-batch 1).`,
    );
  }
}

function* disk({ disk: { dataFolder, freeBytes, speed, problem: reason } }: Facts): Generator<Finding> {
  if (reason !== null) yield problem(reason);
  if (freeBytes < LITTLE_DISK) {
    yield problem(
      `Only ${bytes(freeBytes)} are free on the disk of ${dataFolder}. Make room there, or move the lab's data to another disk (Settings, Data folder).`,
    );
  }
  if (speed !== null && speed.writtenBytesPerSecond < SLOW_DISK) {
    yield problem(
      `The disk of ${dataFolder} takes only ${bytes(speed.writtenBytesPerSecond)} a second. Checkpoints will be slow: move the lab's data to a faster one (Settings, Data folder).`,
    );
  }
}

function* processor({ machine, busyShare, runtimes: all, use }: Facts): Generator<Finding> {
  const { instructions, cores, threads } = machine;
  if (busyShare > MUCH_BUSY && all.some(({ gflops }) => gflops !== null)) {
    yield hint(
      `Other programs kept ${Math.round(busyShare * 100)} % of the processor busy just now, so it looks slower here than it is. Measure again when they are done.`,
    );
  }
  if (instructions.length > 0 && instructions.every((name) => name === 'AVX')) {
    yield problem(
      'This processor has none of the wider vector instructions (AVX2): training will be several times slower than on newer ones.',
    );
  }
  if (cores !== null && cores < threads && use.why === 'unmeasured') {
    yield hint(
      `Two threads share each core here. The speed test (in Settings) tries ${threads} threads and ${cores}, and takes what is faster.`,
    );
  }
}

function* runtimes({ machine, runtimes: all, tensorflow, use, busyShare }: Facts): Generator<Finding> {
  const speed = (runtime: string) => all.find((one) => one.runtime === runtime)?.gflops ?? null;
  const used = all.find(({ runtime }) => runtime === use.runtime);
  if (used && !used.isThere) {
    const reason = used.problem ?? 'It is not there.';
    yield problem(
      use.why === 'asked'
        ? `${NAMES[use.runtime]} cannot be used here: ${reason}`
        : `${NAMES[use.runtime]} is what the lab is set to compute with, and it cannot be used: ${reason} Choose "Automatic" in Settings.`,
    );
  }
  const [fastest] = all.toSorted((one, other) => (other.gflops ?? 0) - (one.gflops ?? 0));
  const now = speed(use.runtime);
  if (fastest?.gflops && now && fastest.runtime !== use.runtime && fastest.gflops > WORTH * now) {
    yield hint(
      `${NAMES[fastest.runtime]} ${busyShare > MUCH_BUSY ? 'seems to multiply' : 'multiplies'} ${(fastest.gflops / now).toFixed(1)} times as fast as ${NAMES[use.runtime]} here. Take it with --runtime ${fastest.runtime}; in the lab, the speed test in Settings finds whether whole training steps are faster too, and "Automatic" then takes it.`,
    );
  }
  const rounding = machine.instructions.find((name) => KNOW_BFLOAT16.includes(name));
  if (tensorflow.inUse === 'cpu' && rounding !== undefined && use.products === undefined) {
    yield hint(
      `This processor knows rounded numbers (bfloat16, ${rounding}): TensorFlow trains faster with them, to losses that differ a little. Take them with --products bfloat16, or in Settings (Rounding in training).`,
    );
  }
  if (tensorflow.problem !== null) yield problem(tensorflow.problem);
  else if (tensorflow.inUse === null && tensorflow.isOffered) {
    const size = tensorflow.downloadBytes === null ? '' : ` (${bytes(tensorflow.downloadBytes)})`;
    yield hint(
      `TensorFlow is often faster on such a processor: npm run tensorflow:install${size} gets it, and this command then tells whether it is.`,
    );
  }
}

export const NAMES: Readonly<Record<RuntimeFacts['runtime'], string>> = {
  cpu: 'onnxruntime on the processor',
  webgpu: 'the graphics card (WebGPU)',
  tensorflow: 'TensorFlow',
};

function problem(words: string): Finding {
  return { kind: 'problem', words: capitalized(words) };
}

function hint(words: string): Finding {
  return { kind: 'hint', words: capitalized(words) };
}
