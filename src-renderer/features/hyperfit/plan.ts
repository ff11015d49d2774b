/** The run that is being planned: what was chosen stays while a person looks at other screens. */
import { defineStore } from 'pinia';
import { computed, reactive, shallowRef } from 'vue';
import type { Verdict } from '../../../src-preload/contract/endpoints/plans.ts';
import type { Recipe } from '../../../src-preload/contract/endpoints/recipes.ts';
import type { Run } from '../../../src-preload/contract/endpoints/runs.ts';
import { settingsFor, useLibrary } from '../../stores/library.ts';
import { blocksOf, fittedScope } from '../../ui/blocks.ts';
import { scopeWords } from '../../ui/words.ts';
import { recipeProblems } from './recipe-fields.ts';

export const PLAN_STEPS = ['model', 'text', 'recipe', 'layers', 'check'] as const;
export type PlanStep = (typeof PLAN_STEPS)[number];

export const usePlan = defineStore('plan', () => {
  const library = useLibrary();
  const step = shallowRef<PlanStep>('model');
  const chosen = reactive({ modelFolder: '', dataFile: '', recipeName: 'quick', scope: 'full', name: '' });
  /** Where the recipe's settings are not taken as they are. */
  const changes = shallowRef<Partial<Recipe>>({});

  const models = computed(() => library.models.filter(({ summary }) => summary !== null));
  const texts = computed(() => library.texts.filter((text) => text.bytes !== null));
  const model = computed(
    () => models.value.find(({ folder }) => folder === chosen.modelFolder) ?? models.value[0],
  );
  const text = computed(() => texts.value.find(({ file }) => file === chosen.dataFile) ?? texts.value[0]);
  const named = computed(
    () => library.recipes.find(({ name }) => name === chosen.recipeName) ?? library.recipes[0],
  );
  const blocks = computed(() => model.value?.summary?.blocks ?? 1);
  const contextLength = computed(() => model.value?.summary?.contextLength ?? Number.POSITIVE_INFINITY);
  const scope = computed(() => fittedScope(chosen.scope, blocks.value));

  /** The recipe as it is for this model, before any change. */
  const unchanged = computed((): Recipe | undefined => {
    if (named.value === undefined) return undefined;
    const settings = settingsFor(named.value, scope.value);
    return { ...settings, windowLength: Math.min(settings.windowLength, contextLength.value) };
  });
  const recipe = computed(() => unchanged.value && { ...unchanged.value, ...changes.value });
  const problems = computed(() => (recipe.value ? recipeProblems(recipe.value, contextLength.value) : {}));
  /** What would be trained on what, and how; undefined where something is missing or wrong. */
  const question = computed(() => {
    const [modelFolder, dataFile] = [model.value?.folder, text.value?.file];
    const isWrong = Object.keys(problems.value).length > 0 || blocksOf(scope.value, blocks.value).size === 0;
    if (isWrong || !modelFolder || !dataFile || !recipe.value) return undefined;
    return { modelFolder, dataFile, recipe: recipe.value };
  });
  const checked = shallowRef<{ readonly question: string; readonly verdict: Verdict }>();
  /** What the last check found, for as long as the plan is the one that was checked. */
  const verdict = computed(() => {
    const isSame = checked.value?.question === JSON.stringify(question.value);
    return isSame ? checked.value?.verdict : undefined;
  });
  const suggestedName = computed(
    () => `${model.value?.name ?? 'Model'} on ${text.value?.name ?? 'a text'}: ${scopeWords(scope.value)}`,
  );

  /** Begins with a recipe as it is, and with the blocks that it trains. */
  function chooseRecipe(name: string): void {
    const found = library.recipes.find((one) => one.name === name);
    if (found === undefined) return;
    chosen.recipeName = name;
    chosen.scope = found.settings.scope;
    changes.value = {};
  }

  /** Undefined: as the recipe has it. */
  function change<Field extends keyof Recipe>(field: Field, value: Recipe[Field] | undefined): void {
    const { [field]: _, ...others } = changes.value;
    changes.value =
      value === undefined || JSON.stringify(value) === JSON.stringify(unchanged.value?.[field])
        ? (others as Partial<Recipe>)
        : { ...changes.value, [field]: value };
  }

  /** Settings as they are in full, each kept where it differs from the recipe. */
  function take(settings: Recipe): void {
    chosen.scope = settings.scope;
    changes.value = {};
    for (const field of Object.keys(settings) as (keyof Recipe)[])
      if (field !== 'scope') change(field, settings[field]);
  }

  /** A run as it was asked for, to be changed and done again. */
  function takeFrom({ modelFolder, dataFile, recipeName, recipe: settings, name }: Run): void {
    Object.assign(chosen, { modelFolder, dataFile, name: `${name}, changed`.slice(0, 120) });
    chosen.recipeName = recipeName ?? 'quick';
    take(settings);
  }

  function judge(asked: NonNullable<typeof question.value>, found: Verdict): void {
    checked.value = { question: JSON.stringify(asked), verdict: found };
  }

  return {
    ...{ step, chosen, changes, models, texts, model, text, named, blocks, scope },
    ...{ unchanged, recipe, problems, question, verdict, suggestedName },
    ...{ chooseRecipe, change, take, takeFrom, judge },
  };
});
