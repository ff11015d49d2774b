/** The rows of the comparison for a model: what is measured, and of whom. */
import { WEIGHT_PRECISIONS, type WeightPrecision } from '../../src-main/engine/runtimes/quantize.ts';
import type { Measurement } from './measurement.ts';
import { type Contender, contender, type Row, type Variant } from './row.ts';
import { type Amounts, describeSize, fitsWhole, parametersOf, type Size } from './sizes.ts';

export const ROW_NAMES = ['full-step', 'lora-step', 'last-5', 'prefix', 'decode-1', 'decode-32'] as const;
const SDPA: Variant = { name: 'sdpa', options: { attention: 'sdpa' } };
const BOTH_ATTENTIONS: readonly Variant[] = [SDPA, { name: 'eager', options: { attention: 'eager' } }];
const FLASH_OR_NOT: readonly Variant[] = [
  { name: 'flash attention', options: { flashAttention: true } },
  { name: 'no flash attention', options: { flashAttention: false } },
];
const WEIGHT_WORDS: Readonly<Record<WeightPrecision, string>> = {
  float32: 'weights in float32',
  '8-bit': 'weights in 8 bits',
  '4-bit': 'weights in 4 bits',
};
/** What llama.cpp calls these. */
const LLAMA_CPP_WORDS: Readonly<Record<WeightPrecision, string>> = {
  float32: 'float32',
  '8-bit': 'Q8_0',
  '4-bit': 'Q4_0',
};
export const LAST_BLOCKS = 5;

export interface RowOptions {
  readonly amounts: Amounts;
  /** What ours compute with. */
  readonly runtime: string;
  /** Those that compute here: whose products are the machine's best, besides torch's. */
  readonly runtimes: readonly string[];
  /** What torch computes on: "cpu" or "cuda". */
  readonly device: string;
}

export interface SizeRows {
  readonly rows: readonly Row[];
  /** Sentences on what was left out. */
  readonly leftOut: readonly string[];
}

/** Of one model. */
export function rowsOf(size: Size, { amounts, runtime, runtimes, device }: RowOptions): SizeRows {
  const { batch, length, windows, epochs, peftEpochs, steps } = amounts;
  const { model } = size;
  const called = describeSize(model);
  const tokens = `${batch} × ${length} tokens`;
  const lab = (measurement: Measurement) => contender(['ours', 'lab', runtime], 'ours', measurement);
  const torch = ['peer', 'torch', device] as const;
  const product: Measurement = {
    kind: 'product',
    sizes: [...amounts.products],
    seconds: amounts.productSeconds,
  };
  const ceilings = [
    ...runtimes.map((name) => contender(['ceiling', 'lab', name], `products alone, ${name}`, product)),
    contender(['ceiling', 'torch', device], 'products alone, torch', product),
  ];
  /** Both sides, and again with products in bfloat16, which of ours TensorFlow alone has; these are compared with each other. */
  const exactAndRounded = (ours: Contender, peer: Contender): Contender[] => {
    if (!runtimes.includes('tensorflow')) return [ours, peer];
    const products = 'bfloat16' as const;
    const oursRounded = {
      ...ours,
      name: `${ours.name}, products in bfloat16`,
      computes: 'tensorflow',
      products,
    };
    return [ours, peer, oursRounded, { ...peer, name: `${peer.name}, bfloat16 autocast`, products }];
  };
  const step = (scope: string): Measurement => ({
    ...{ kind: 'step', model, scope, batch, length, warmups: 1, repeats: steps },
  });
  const course = (scope: string, measuredEpochs: number): Measurement => ({
    ...{ kind: 'course', model, scope, batch, length, windows, epochs, measuredEpochs },
  });
  const last = `last:${LAST_BLOCKS}`;
  const frozen = model.blocks - LAST_BLOCKS;
  const rows: Row[] = [];
  const leftOut: string[] = [];
  const add = (id: string, title: string, contenders: Contender[]) =>
    rows.push({ id, size: size.id, title: `${title} (${called}${DETAILS[id] ?? ''})`, contenders });
  const DETAILS: Readonly<Record<string, string>> = {
    'full-step': `, ${tokens}, Adam`,
    'lora-step': `, ${tokens}, rank 16`,
    'last-5': `, ${epochs} epochs of ${windows} windows of ${length}, batch ${batch}, rank 16, with making our prefix cache`,
    prefix: `, its first ${frozen} blocks, ${windows} windows of ${length}, batch ${batch}`,
  };

  if (fitsWhole(model)) {
    add('full-step', 'Full fine-tuning, one step', [
      ...exactAndRounded(lab(step('full')), contender(torch, 'transformers', step('full'), BOTH_ATTENTIONS)),
      ...ceilings,
    ]);
  } else {
    const gigabytes = ((parametersOf(model) * 16) / 1e9).toFixed(0);
    leftOut.push(
      `The full step of the ${called} is left out: weights, gradients and Adam's means alone take ${gigabytes} GB.`,
    );
  }
  add('lora-step', 'LoRA on all blocks, one step', [
    ...exactAndRounded(lab(step('all')), contender(torch, 'PEFT', step('all'), BOTH_ATTENTIONS)),
    ...ceilings,
  ]);
  if (frozen > 0) {
    const of = (measured: number) => (measured < epochs ? ` (${measured} of ${epochs} epochs measured)` : '');
    add('last-5', 'LoRA on the last 5 blocks, from start to end', [
      ...exactAndRounded(
        { ...lab(course(last, size.ourEpochs)), name: `ours${of(size.ourEpochs)}` },
        contender(torch, `PEFT, last 5${of(peftEpochs)}`, course(last, peftEpochs), [SDPA]),
      ),
      contender(torch, `PEFT, all blocks${of(peftEpochs)}`, course('all', peftEpochs), [SDPA]),
    ]);
    const prefix: Measurement = {
      ...{ kind: 'prefix', model, blocks: frozen, batch, length, windows, repeats: steps },
    };
    add('prefix', 'The frozen blocks alone, one pass', [
      lab(prefix),
      contender(torch, 'transformers, no_grad', prefix, BOTH_ATTENTIONS),
    ]);
  }
  for (const prompts of [1, amounts.prompts]) {
    for (const precision of WEIGHT_PRECISIONS) {
      const { promptTokens, newTokens } = amounts;
      const decode: Measurement = {
        ...{ kind: 'decode', model, precision, prompts, promptTokens, newTokens, repeats: steps },
      };
      const texts = prompts === 1 ? '1 prompt' : `${prompts} prompts at once`;
      rows.push({
        id: prompts === 1 ? 'decode-1' : 'decode-32',
        size: size.id,
        title: `Greedy decoding (${called}, ${WEIGHT_WORDS[precision]}, ${texts}, ${promptTokens} + ${newTokens} tokens)`,
        contenders: [
          // Of ours, the processor's runtime alone keeps weights in fewer bits; transformers has no such weights without more.
          ...(precision === 'float32'
            ? [lab(decode), contender(torch, 'transformers, float32', decode, BOTH_ATTENTIONS)]
            : [contender(['ours', 'lab', 'cpu'], 'ours', decode)]),
          contender(
            ['peer', 'llama.cpp', 'cpu'],
            `llama.cpp, ${LLAMA_CPP_WORDS[precision]}`,
            decode,
            FLASH_OR_NOT,
          ),
        ],
      });
    }
  }
  return { rows, leftOut };
}
