/** The rows of the comparison, at their real sizes and at tiny ones that only show that everything works. */
import type { Measurement, ModelSize } from './measurement.ts';

/** One way to run a peer. Of several, the fastest of the first round goes on. */
export interface Variant {
  readonly name: string;
  /** transformers' attention. */
  readonly attention: 'eager' | 'sdpa';
}

export interface Peer {
  readonly name: string;
  readonly measurement: Measurement;
  readonly variants: readonly Variant[];
}

export interface Workload {
  /** What --only asks for. */
  readonly id: string;
  readonly title: string;
  readonly ours: Measurement;
  readonly peers: readonly Peer[];
}

const SDPA: Variant = { name: 'sdpa', attention: 'sdpa' };
const BOTH_ATTENTIONS: readonly Variant[] = [SDPA, { name: 'eager', attention: 'eager' }];

interface Sizes {
  readonly small: ModelSize;
  readonly large: ModelSize;
  readonly batch: number;
  readonly length: number;
  readonly windows: number;
  readonly epochs: number;
  /** What is measured of PEFT's epochs. */
  readonly peftEpochs: number;
  readonly prompts: number;
  readonly promptTokens: number;
  readonly newTokens: number;
}

const REAL: Sizes = {
  small: llama({ width: 288, blocks: 6, heads: 6, feedForward: 768, vocabulary: 32_000, tied: true }),
  large: llama({ width: 768, blocks: 22, heads: 12, feedForward: 2048, vocabulary: 32_000, tied: false }),
  batch: 4,
  length: 256,
  windows: 8,
  epochs: 20,
  peftEpochs: 2,
  prompts: 32,
  promptTokens: 32,
  newTokens: 64,
};

const TINY: Sizes = {
  small: llama({ width: 32, blocks: 2, heads: 2, feedForward: 64, vocabulary: 500, tied: true }),
  large: llama({ width: 48, blocks: 7, heads: 2, feedForward: 96, vocabulary: 500, tied: false }),
  batch: 2,
  length: 32,
  windows: 4,
  epochs: 3,
  peftEpochs: 2,
  prompts: 4,
  promptTokens: 8,
  newTokens: 8,
};

export function workloads(quick: boolean): readonly Workload[] {
  const sizes = quick ? TINY : REAL;
  const { small, large, batch, length, windows, epochs, peftEpochs } = sizes;
  const fullStep: Measurement = {
    kind: 'step',
    model: small,
    scope: 'full',
    batch,
    length,
    warmups: 2,
    repeats: 5,
  };
  const loraStep: Measurement = {
    kind: 'step',
    model: large,
    scope: 'all',
    batch,
    length,
    warmups: 1,
    repeats: 3,
  };
  const course = (scope: string, measuredEpochs: number): Measurement => ({
    kind: 'course',
    model: large,
    scope,
    batch,
    length,
    windows,
    epochs,
    measuredEpochs,
  });
  const tokens = `${batch} × ${length} tokens`;
  const measured = `${peftEpochs} of ${epochs} epochs measured`;
  return [
    {
      id: 'full-step',
      title: `Full fine-tuning, one step (${size(small)}, ${tokens}, Adam)`,
      ours: fullStep,
      peers: [{ name: 'transformers', measurement: fullStep, variants: BOTH_ATTENTIONS }],
    },
    {
      id: 'lora-step',
      title: `LoRA on all blocks, one step (${size(large)}, ${tokens}, r 16)`,
      ours: loraStep,
      peers: [{ name: 'PEFT', measurement: loraStep, variants: BOTH_ATTENTIONS }],
    },
    {
      id: 'last-5',
      title: `LoRA on the last 5 blocks, from start to end (${size(large)}, ${epochs} epochs of ${windows} windows of ${length}, batch ${batch}, r 16, with making our prefix cache)`,
      ours: course('last:5', epochs),
      peers: [
        {
          name: `PEFT, last 5 (${measured})`,
          measurement: course('last:5', peftEpochs),
          variants: [SDPA],
        },
        { name: `PEFT, all blocks (${measured})`, measurement: course('all', peftEpochs), variants: [SDPA] },
      ],
    },
    decoding('decode-batch', sizes, sizes.prompts),
    decoding('decode-1', sizes, 1),
  ];
}

function decoding(id: string, { small, promptTokens, newTokens }: Sizes, prompts: number): Workload {
  const measurement: Measurement = {
    kind: 'decode',
    model: small,
    prompts,
    promptTokens,
    newTokens,
    repeats: 3,
  };
  const texts = prompts === 1 ? '1 prompt' : `${prompts} prompts at once`;
  return {
    id,
    title: `Greedy decoding (${size(small)}, ${texts}, ${promptTokens} + ${newTokens} tokens)`,
    ours: measurement,
    peers: [{ name: 'transformers', measurement, variants: BOTH_ATTENTIONS }],
  };
}

function llama(size: {
  readonly width: number;
  readonly blocks: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly tied: boolean;
}): ModelSize {
  return {
    model_type: 'llama',
    hidden_size: size.width,
    intermediate_size: size.feedForward,
    num_hidden_layers: size.blocks,
    num_attention_heads: size.heads,
    num_key_value_heads: size.heads,
    vocab_size: size.vocabulary,
    max_position_embeddings: 512,
    tie_word_embeddings: size.tied,
  };
}

/** "15 M Llama, 6 blocks × 288". */
function size(model: ModelSize): string {
  const { hidden_size: width, intermediate_size: feedForward, num_hidden_layers: blocks } = model;
  const block = 4 * width ** 2 + 3 * width * feedForward + 2 * width;
  const embeddings = (model.tie_word_embeddings ? 1 : 2) * model.vocab_size * width;
  const millions = (blocks * block + embeddings + width) / 1e6;
  return `${millions.toFixed(millions < 1 ? 2 : 0)} M Llama, ${blocks} blocks × ${width}`;
}
