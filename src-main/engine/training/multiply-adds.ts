/**
 * How much training computes, in multiply-adds. A token goes once through the matrices of what is frozen, once more on the
 * way back where something before learns, and a third time where the matrix itself learns; adapters are small beside that.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { elementCount, type Shape } from '../graph/value.ts';
import type { ParameterLayout } from '../model/parameters.ts';
import type { Recipe } from './recipe.ts';
import { parseScope } from './scope.ts';

export interface MultiplyAdds {
  /** Of one window that learns, and of one that is measured; both begin where learning begins. */
  readonly learnedWindow: number;
  readonly measuredWindow: number;
  /** Of one window before that: the blocks that are frozen. */
  readonly frozenWindow: number;
  /** Of one more token of one sample text. */
  readonly writtenToken: number;
  /** Of the model, which a token is written through. */
  readonly blocks: number;
}

export function multiplyAdds(
  { geometry, blockPath }: Architecture,
  layout: ParameterLayout,
  recipe: Recipe,
): MultiplyAdds {
  const { blocks, heads, headWidth, contextLength, vocabularySize, width } = geometry;
  const scope = parseScope(recipe.scope, geometry);
  const first = scope.kind === 'full' ? 0 : scope.blocks[0]!;
  const matrices = layout.blocks.map((shapes, block) => matrixNumbers(shapes, blockPath(block)));
  /** Of one token that sees so many, in the blocks from one on to before another. */
  const token = (from: number, to: number, seen: number) =>
    matrices.slice(from, to).reduce((sum, numbers) => sum + numbers + 2 * seen * heads * headWidth, 0);
  const head = vocabularySize * width;
  const length = Math.min(recipe.windowLength, contextLength);
  const measuredWindow = length * (token(first, blocks, length) + head);
  return {
    learnedWindow: (scope.kind === 'full' ? 3 : 2) * measuredWindow,
    measuredWindow,
    frozenWindow: length * token(0, first, length),
    blocks,
    writtenToken: token(0, blocks, Math.min(recipe.promptTokens + recipe.sampleTokens, contextLength)) + head,
  };
}

/** Numbers of a block's matrices: each is multiplied once with every token. */
function matrixNumbers(shapes: ReadonlyMap<string, Shape>, path: string): number {
  return [...shapes]
    .filter(([name, shape]) => name.startsWith(path) && shape.length === 2)
    .reduce((sum, [, shape]) => sum + elementCount(shape), 0);
}
