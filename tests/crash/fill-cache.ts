/**
 * node fill-cache.ts FILE: runs the frozen blocks of a made-up model, as a run does, and ends when the file is whole. It writes a
 * dot for each batch that went through a block. To be killed on the way.
 */
import { randomModel, randomWindows } from '../../src-main/engine/model/random-model.ts';
import { Random } from '../../src-main/engine/random.ts';
import { CpuRuntime } from '../../src-main/engine/runtimes/onnxruntime/cpu-runtime.ts';
import { FrozenPrefix } from '../../src-main/engine/training/frozen-prefix.ts';
import { openPrefixCache } from '../../src-main/engine/training/prefix-cache.ts';

const CONFIG = {
  ...{ model_type: 'llama', vocab_size: 500, hidden_size: 256, intermediate_size: 512 },
  ...{ num_hidden_layers: 6, num_attention_heads: 4, num_key_value_heads: 2, rms_norm_eps: 1e-5 },
  ...{ max_position_embeddings: 256, hidden_act: 'silu', tie_word_embeddings: false },
};
const SHAPE = { batch: 4, length: 128 };
const WINDOWS = 150;

const [path = ''] = process.argv.slice(2);
const random = new Random(7);
// A thread more or less rounds differently.
const runtime = new CpuRuntime(1);
const { architecture, weights } = randomModel(CONFIG, runtime, random);
const prefix = await FrozenPrefix.create(architecture, weights, 6, SHAPE);
const windows = randomWindows(random, { vocabularySize: 500, length: SHAPE.length, count: WINDOWS });
const feed = await openPrefixCache({
  ...{ prefix, windows, runtime, path, fingerprint: 'made up', precision: 'float16' },
  onProgress: () => process.stdout.write('.'),
});
await feed.close();
