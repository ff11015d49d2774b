/**
 * Memory that training needs, estimated from the model's sizes: weights as float32, four numbers for each that learns
 * (itself, two moments, gradient), and the activations of one batch that the backward pass reads again.
 */
import type { Architecture } from '../engine/architectures/architecture.ts';
import { elementCount, type Shape } from '../engine/graph/value.ts';
import type { ParameterLayout } from '../engine/model/parameters.ts';
import { parseScope } from '../engine/training/scope.ts';

const BYTES = 4;
/** Tokens of the usual batch: 8 windows of 256. */
const BATCH = { windows: 8, length: 256 };
const RANK = 16;
/** Matrices of the block's width, and of each head's scores, that one block keeps for the backward pass. */
const WIDTHS_KEPT = 34;
const SCORES_KEPT = 3;
const LATE_STAGE_BLOCKS = 5;

/** Bytes by scope. */
export function trainingMemory(architecture: Architecture, layout: ParameterLayout): Record<string, number> {
  const { geometry, linearModules, blockPath } = architecture;
  const size = (shapes: ReadonlyMap<string, Shape>) =>
    [...shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
  const all = size(new Map([layout.embedding, ...layout.blocks, layout.head].flatMap((part) => [...part])));
  const tokens = BATCH.windows * BATCH.length;
  const activations = (blocks: number) =>
    blocks * (WIDTHS_KEPT * tokens * geometry.width + SCORES_KEPT * geometry.heads * tokens * BATCH.length);
  const adapterNumbers = (block: number) =>
    linearModules.reduce((sum, module) => {
      const [rows, columns] = layout.blocks[block]!.get(`${blockPath(block)}.${module}.weight`) as [
        number,
        number,
      ];
      return sum + RANK * (rows + columns);
    }, 0);
  const withAdapters = (scopeText: string) => {
    const scope = parseScope(scopeText, geometry);
    if (scope.kind === 'full') return 0;
    const trained = scope.blocks.reduce((sum, block) => sum + adapterNumbers(block), 0);
    return BYTES * (all + 4 * trained + activations(geometry.blocks - scope.blocks[0]!));
  };
  const late = `last:${Math.min(LATE_STAGE_BLOCKS, geometry.blocks)}`;
  return {
    full: BYTES * (4 * all + activations(geometry.blocks)),
    all: withAdapters('all'),
    [late]: withAdapters(late),
  };
}
