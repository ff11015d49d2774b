/** Which parameters a model has, by asking its architecture: the graph is built once on one token and thrown away. */
import type { Architecture } from '../architectures/architecture.ts';
import { windowAttention } from '../architectures/attention.ts';
import { ModelBuilder } from '../architectures/builder.ts';
import { input, reshape } from '../graph/ops.ts';
import type { Shape, Value } from '../graph/value.ts';

export interface ParameterLayout {
  /** Before the first block: the embedding. */
  readonly embedding: ReadonlyMap<string, Shape>;
  /** Of each block. */
  readonly blocks: readonly ReadonlyMap<string, Shape>[];
  /** After the last block: the final norm and the head, which may be the embedding again. */
  readonly head: ReadonlyMap<string, Shape>;
}

export function parameterLayout(architecture: Architecture): ParameterLayout {
  const { geometry } = architecture;
  const hidden = input('hidden', [1, geometry.width]);
  const ask = (build: (builder: ModelBuilder) => unknown, path = '') => {
    const builder = new ModelBuilder(windowAttention(1, 1));
    build(path === '' ? builder : builder.within(path));
    return shapes(builder.parameters);
  };
  return {
    embedding: ask((builder) => architecture.embed(builder, reshape(input('tokens', [1], 'int32'), [1]))),
    blocks: Array.from({ length: geometry.blocks }, (_, block) =>
      ask((builder) => architecture.block(builder, block, hidden), architecture.blockPath(block)),
    ),
    head: ask((builder) => architecture.head(builder, hidden)),
  };
}

/** All of them, each once. */
export function allParameters({ embedding, blocks, head }: ParameterLayout): ReadonlyMap<string, Shape> {
  return new Map([embedding, ...blocks, head].flatMap((part) => [...part]));
}

function shapes(values: ReadonlyMap<string, Value>): ReadonlyMap<string, Shape> {
  return new Map([...values].map(([name, { shape }]) => [name, shape]));
}
