/**
 * The frozen part of a model, before the first block that learns: tokens → hidden states. Each kind of block is
 * compiled once and fed with one block's weights after the other, so all that is needed at a time is one block; and of the
 * embedding, which in a large model is larger than any block, the rows of the tokens at hand.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { windowAttention } from '../architectures/attention.ts';
import { ModelBuilder } from '../architectures/builder.ts';
import { buildGraph } from '../graph/graph.ts';
import { input } from '../graph/ops.ts';
import { elementCount } from '../graph/value.ts';
import type { Weights } from '../model/weights.ts';
import type { DeviceTensor, Program } from '../runtimes/runtime.ts';
import type { BatchShape } from './training-graph.ts';

export interface PrefixBlock {
  /** Of its weights, in float32. */
  readonly bytes: number;
  /** Reads its weights; `run` would otherwise do so. */
  load(): Promise<unknown>;
  /** hidden [batch · length, width] → hidden; the caller releases both. */
  run(hidden: DeviceTensor): Promise<DeviceTensor>;
  /** Frees its weights. */
  unload(): Promise<void>;
}

export class FrozenPrefix {
  readonly blocks: readonly PrefixBlock[];
  readonly shape: BatchShape;
  readonly width: number;
  readonly #tokenTable: string;
  readonly #embedding: Program;
  readonly #programs: readonly Program[];
  readonly #weights: Weights;

  private constructor(fields: {
    architecture: Architecture;
    blocks: readonly PrefixBlock[];
    shape: BatchShape;
    embedding: Program;
    programs: readonly Program[];
    weights: Weights;
  }) {
    this.blocks = fields.blocks;
    this.shape = fields.shape;
    this.width = fields.architecture.geometry.width;
    this.#tokenTable = fields.architecture.tokenTable;
    this.#embedding = fields.embedding;
    this.#programs = fields.programs;
    this.#weights = fields.weights;
  }

  /** @param blocks how many blocks, from the first, belong to the prefix. */
  static async create(
    architecture: Architecture,
    weights: Weights,
    blocks: number,
    shape: BatchShape,
  ): Promise<FrozenPrefix> {
    const { runtime, layout } = weights;
    const programs = new Map<string, Program>();
    const embedding = await runtime.compile(embeddingGraph(architecture, shape));
    const made: PrefixBlock[] = [];
    for (let block = 0; block < blocks; block++) {
      const kind = architecture.blockKind(block);
      const model = representative(architecture, kind);
      const program = programs.get(kind) ?? (await runtime.compile(blockGraph(architecture, model, shape)));
      programs.set(kind, program);
      const [own, compiled] = [architecture.blockPath(block), architecture.blockPath(model)];
      const shapes = layout.blocks[block]!;
      const inputNames = new Map(
        [...shapes.keys()].map((name) => [name, `${compiled}${name.slice(own.length)}`]),
      );
      made.push({
        bytes:
          Float32Array.BYTES_PER_ELEMENT *
          [...shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0),
        load: () => weights.tensors(inputNames.keys()),
        run: async (hidden) => {
          const tensors = Object.entries(await weights.tensors(inputNames.keys()));
          const parameters = tensors.map(([name, tensor]) => [inputNames.get(name)!, tensor]);
          const { result } = await program.run({ ...Object.fromEntries(parameters), hidden });
          return result!;
        },
        unload: () => weights.release(inputNames.keys()),
      });
    }
    return new FrozenPrefix({
      ...{ architecture, blocks: made, shape, embedding, weights },
      programs: [embedding, ...programs.values()],
    });
  }

  /** tokens [batch · length] → hidden [batch · length, width], which the caller releases. */
  async embed(tokens: Int32Array): Promise<DeviceTensor> {
    const { runtime, layout } = this.#weights;
    const rows = [...new Set(tokens)].sort((first, second) => first - second);
    const places = new Map(rows.map((token, place) => [token, place]));
    const others = [...layout.embedding.keys()].filter((name) => name !== this.#tokenTable);
    const own = {
      [this.#tokenTable]: await this.#weights.loadRows(this.#tokenTable, rows, tokens.length),
      tokens: runtime.upload(
        tokens.map((token) => places.get(token)!),
        [tokens.length],
      ),
    };
    try {
      const { result } = await this.#embedding.run({ ...(await this.#weights.tensors(others)), ...own });
      return result!;
    } finally {
      for (const tensor of Object.values(own)) tensor.release();
    }
  }

  /** Embedding and blocks, whose weights stay in memory. */
  async run(tokens: Int32Array): Promise<DeviceTensor> {
    let current = await this.embed(tokens);
    for (const block of this.blocks) {
      const next = await block.run(current);
      current.release();
      current = next;
    }
    return current;
  }

  async release(): Promise<void> {
    for (const program of this.#programs) await program.release();
  }
}

function representative(architecture: Architecture, kind: string): number {
  let block = 0;
  while (architecture.blockKind(block) !== kind) block++;
  return block;
}

/** Its token table holds no more rows than a batch has tokens: those that occur in it, and tokens are places among them. */
function embeddingGraph({ geometry, tokenTable, embed }: Architecture, { batch, length }: BatchShape) {
  const builder = new ModelBuilder(windowAttention(batch, length));
  builder.parameters.set(tokenTable, input(tokenTable, [batch * length, geometry.width]));
  return buildGraph({ result: embed(builder, input('tokens', [batch * length], 'int32')) });
}

function blockGraph(architecture: Architecture, block: number, { batch, length }: BatchShape) {
  const builder = new ModelBuilder(windowAttention(batch, length)).within(architecture.blockPath(block));
  const hidden = input('hidden', [batch * length, architecture.geometry.width]);
  return buildGraph({ result: architecture.block(builder, block, hidden) });
}
