/** The lab's recipes and the page's words for them, which know nothing of each other. */
import { expect, it } from 'vitest';
import { RECIPES } from '../src-main/engine/training/recipe.ts';
import { recipeSchema } from '../src-preload/contract/endpoints/recipes.ts';
import { recipeProblems } from '../src-renderer/features/hyperfit/recipe-fields.ts';

it.each(RECIPES.map(({ name, settings }) => ({ name, settings })))(
  'the recipe $name lies within what the wizard allows',
  ({ settings }) => expect(recipeProblems(recipeSchema.parse(settings), settings.windowLength)).toEqual({}),
);
