/**
 * How much training computes, in multiply-adds. A token goes once through the matrices of what is frozen, once more on the
 * way back where something before learns, and a third time where the matrix itself learns, as an adapter's do.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { elementCount, type Shape } from '../graph/value.ts';
import type { ParameterLayout } from '../model/parameters.ts';
import type { Recipe } from './recipe.ts';
import { parseScope } from './scope.ts';
import { planTraining } from './training-graph.ts';

export interface MultiplyAdds {
  /** Of one window that learns, and of one that is measured; both begin where learning begins. */
  readonly learnedWindow: number;
  readonly measuredWindow: number;
  /** Of one window before that: the blocks that are frozen. */
  readonly frozenWindow: number;
  /** Of one more token of one text that is written. */
  readonly writtenToken: number;
  /** Of the model, which a token is written through. */
  readonly blocks: number;
}

/**
 * To write one more token, all weights are read from memory, which takes as long as computing so many tokens would; a text's
 * own token counts for so many, as a few are computed slower than many; and each block takes a while to be called at all.
 * Fitted to models of 2, 15 and 190 million weights that write 1 to 8 texts on two cores: right within a quarter.
 */
const TOKENS_PER_READING = 22;
const TOKENS_PER_TOKEN = 2;
const CALL_OF_BLOCK = 3.4e6;

export function multiplyAdds(
  architecture: Architecture,
  layout: ParameterLayout,
  recipe: Recipe,
): MultiplyAdds {
  const { geometry, blockPath } = architecture;
  const { blocks, heads, headWidth, contextLength, vocabularySize, width } = geometry;
  const { adapter, firstBlock } = planTraining(architecture, parseScope(recipe.scope, geometry), recipe);
  const matrices = layout.blocks.map((shapes, block) => matrixShapes(shapes, blockPath(block)));
  const adapted = matrices.map((shapes) => shapes.filter(([path]) => adapter?.targets(path)));
  /** Of one token that sees so many, in the blocks from one on to before another, without adapters. */
  const token = (from: number, to: number, seen: number) =>
    sum(matrices.slice(from, to).map((shapes) => sum(shapes.map(([, shape]) => elementCount(shape))))) +
    (to - from) * 2 * seen * heads * headWidth;
  const adapters = recipe.rank * sum(adapted.flat().map(([, shape]) => sum(shape)));
  const head = vocabularySize * width;
  const length = Math.min(recipe.windowLength, contextLength);
  const frozen = token(firstBlock, blocks, length) + head;
  return {
    learnedWindow: length * (adapter === undefined ? 3 * frozen : 2 * frozen + 3 * adapters),
    measuredWindow: length * (frozen + adapters),
    frozenWindow: length * token(0, firstBlock, length),
    blocks,
    writtenToken:
      token(0, blocks, Math.min(recipe.promptTokens + recipe.sampleTokens, contextLength)) + adapters + head,
  };
}

/** What one more token of each of so many texts takes: the multiply-adds that training could have done in that time. */
export function writtenStep(
  { writtenToken, blocks }: Pick<MultiplyAdds, 'writtenToken' | 'blocks'>,
  texts: number,
): number {
  return writtenWeights(writtenToken, texts) + CALL_OF_BLOCK * blocks;
}

/** The part of it that grows with the weights. */
export function writtenWeights(writtenToken: number, texts: number): number {
  return writtenToken * (TOKENS_PER_READING + TOKENS_PER_TOKEN * texts);
}

/** A block's matrices by the paths of their modules: each is multiplied once with every token. */
function matrixShapes(shapes: ReadonlyMap<string, Shape>, blockPath: string): [string, Shape][] {
  return [...shapes]
    .filter(([name, shape]) => name.startsWith(blockPath) && shape.length === 2)
    .map(([name, shape]) => [name.slice(0, name.lastIndexOf('.')), shape]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
