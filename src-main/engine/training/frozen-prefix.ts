/**
 * The frozen part of a model, before the first block that learns: tokens → hidden states. Each kind of block is
 * compiled once and fed with one block's weights after the other, so all that is needed at a time is one block.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { windowAttention } from '../architectures/attention.ts';
import { ModelBuilder } from '../architectures/builder.ts';
import { buildGraph } from '../graph/graph.ts';
import { input } from '../graph/ops.ts';
import type { Weights } from '../model/weights.ts';
import type { DeviceTensor, Program } from '../runtimes/runtime.ts';
import type { BatchShape } from './training-graph.ts';

/** One step of the prefix: the embedding (tokens → hidden) or a block (hidden → hidden). */
export interface PrefixStage {
  run(input: DeviceTensor): Promise<DeviceTensor>;
  /** Frees the stage's weights. */
  unload(): Promise<void>;
}

export class FrozenPrefix {
  readonly stages: readonly PrefixStage[];
  readonly shape: BatchShape;
  readonly width: number;
  readonly #programs: readonly Program[];
  readonly #weights: Weights;

  private constructor(
    stages: readonly PrefixStage[],
    shape: BatchShape,
    width: number,
    programs: readonly Program[],
    weights: Weights,
  ) {
    this.stages = stages;
    this.shape = shape;
    this.width = width;
    this.#programs = programs;
    this.#weights = weights;
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
    const embed = await runtime.compile(embeddingGraph(architecture, shape));
    const stages: PrefixStage[] = [stage(embed, 'tokens', [...layout.embedding.keys()], (name) => name)];
    for (let block = 0; block < blocks; block++) {
      const kind = architecture.blockKind(block);
      const model = representative(architecture, kind);
      const program = programs.get(kind) ?? (await runtime.compile(blockGraph(architecture, model, shape)));
      programs.set(kind, program);
      const [own, compiled] = [architecture.blockPath(block), architecture.blockPath(model)];
      stages.push(
        stage(
          program,
          'hidden',
          [...layout.blocks[block]!.keys()],
          (name) => `${compiled}${name.slice(own.length)}`,
        ),
      );
    }
    return new FrozenPrefix(
      stages,
      shape,
      architecture.geometry.width,
      [embed, ...programs.values()],
      weights,
    );

    function stage(
      program: Program,
      inputName: string,
      names: readonly string[],
      inputOf: (name: string) => string,
    ): PrefixStage {
      return {
        run: async (given) => {
          const tensors = await weights.tensors(names);
          const parameters = Object.fromEntries(names.map((name) => [inputOf(name), tensors[name]!]));
          const { result } = await program.run({ ...parameters, [inputName]: given });
          return result!;
        },
        unload: () => weights.release(names),
      };
    }
  }

  /** tokens [batch · length] → hidden [batch · length, width], which the caller releases. */
  async run(tokens: Int32Array): Promise<DeviceTensor> {
    let current = this.#weights.runtime.upload(tokens, [tokens.length]);
    for (const stage of this.stages) {
      const next = await stage.run(current);
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

function embeddingGraph(architecture: Architecture, { batch, length }: BatchShape) {
  const builder = new ModelBuilder(windowAttention(batch, length));
  return buildGraph({ result: architecture.embed(builder, input('tokens', [batch * length], 'int32')) });
}

function blockGraph(architecture: Architecture, block: number, { batch, length }: BatchShape) {
  const builder = new ModelBuilder(windowAttention(batch, length)).within(architecture.blockPath(block));
  const hidden = input('hidden', [batch * length, architecture.geometry.width]);
  return buildGraph({ result: architecture.block(builder, block, hidden) });
}
