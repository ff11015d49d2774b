/** Models and texts to choose from, and the recipes. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Moved } from '../../src-preload/contract/endpoints/common.ts';
import type { Model } from '../../src-preload/contract/endpoints/models.ts';
import type { NamedRecipe, Recipe } from '../../src-preload/contract/endpoints/recipes.ts';
import type { TextColumns, TextFile } from '../../src-preload/contract/endpoints/texts.ts';
import { lab } from '../lab/lab.ts';
import { useAction } from '../lab/use-action.ts';

export const useLibrary = defineStore('library', () => {
  const models = shallowRef<readonly Model[]>([]);
  const texts = shallowRef<readonly TextFile[]>([]);
  const recipes = shallowRef<readonly NamedRecipe[]>([]);
  const beginnings = shallowRef<readonly string[]>([]);

  let asked = 0;

  /** The last one asked for counts: an answer from before a change must not take it away. */
  async function refresh(): Promise<void> {
    const number = ++asked;
    const [allModels, allTexts, allRecipes, about] = await Promise.all([
      lab.call('models.list', null),
      lab.call('texts.list', null),
      lab.call('recipes.list', null),
      lab.call('about', null),
    ]);
    if (number !== asked) return;
    models.value = allModels;
    texts.value = allTexts;
    recipes.value = allRecipes;
    beginnings.value = about.beginnings;
  }

  /** What could not be read is told, and the page works with what there is. */
  const { problem, run: load } = useAction(refresh);

  async function change(work: Promise<unknown>): Promise<void> {
    await work;
    await refresh();
  }

  /** In what the new place differs; null where all was done. */
  async function moved(answer: Promise<Moved>): Promise<string | null> {
    const { difference } = await answer;
    if (difference === null) await refresh();
    return difference;
  }

  return {
    models,
    texts,
    recipes,
    beginnings,
    problem,
    load,
    addModel: (folder: string) => change(lab.call('models.add', { folder })),
    removeModel: (folder: string) => change(lab.call('models.remove', { folder })),
    moveModel: (folder: string, to: string, evenIfDifferent: boolean) =>
      moved(lab.call('models.move', { folder, to, evenIfDifferent })),
    addText: (file: string, columns: TextColumns | null = null) =>
      change(lab.call('texts.add', { file, columns })),
    removeText: (file: string) => change(lab.call('texts.remove', { file })),
    moveText: (file: string, to: string, evenIfDifferent: boolean) =>
      moved(lab.call('texts.move', { file, to, evenIfDifferent })),
  };
});

/** A recipe's settings where this learns: adapters may be taught at another rate than whole models. */
export function settingsFor({ settings, adapterLearningRate }: NamedRecipe, scope: string): Recipe {
  const learningRate = (scope === 'full' ? null : adapterLearningRate) ?? settings.learningRate;
  return { ...settings, scope, learningRate };
}
