/** Models and texts to choose from, and the recipes. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Model, NamedRecipe, TextFile } from '../../src-preload/contract/shapes.ts';
import { lab } from '../lab/lab.ts';

export const useLibrary = defineStore('library', () => {
  const models = shallowRef<readonly Model[]>([]);
  const texts = shallowRef<readonly TextFile[]>([]);
  const recipes = shallowRef<readonly NamedRecipe[]>([]);
  const beginnings = shallowRef<readonly string[]>([]);

  async function refresh(): Promise<void> {
    const [allModels, allTexts, allRecipes, about] = await Promise.all([
      lab.call('models.list', null),
      lab.call('texts.list', null),
      lab.call('recipes.list', null),
      lab.call('about', null),
    ]);
    models.value = allModels;
    texts.value = allTexts;
    recipes.value = allRecipes;
    beginnings.value = about.beginnings;
  }

  async function change(work: Promise<unknown>): Promise<void> {
    await work;
    await refresh();
  }

  return {
    models,
    texts,
    recipes,
    beginnings,
    refresh,
    addModel: (folder: string) => change(lab.call('models.add', { folder })),
    removeModel: (folder: string) => change(lab.call('models.remove', { folder })),
    addText: (file: string) => change(lab.call('texts.add', { file })),
    removeText: (file: string) => change(lab.call('texts.remove', { file })),
  };
});
