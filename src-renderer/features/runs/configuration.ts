/** What decided a run, in rows of plain words: shown for one run beside its recipe, and for several beside each other. */
import type { NamedRecipe, Recipe } from '../../../src-preload/contract/endpoints/recipes.ts';
import type { Run } from '../../../src-preload/contract/endpoints/runs.ts';
import { RUNTIME_WORDS, scopeWords } from '../../ui/words.ts';
import { FIELD_GROUPS, type FieldGuide } from '../hyperfit/recipe-fields.ts';

export interface Setting {
  readonly key: string;
  readonly label: string;
  /** The field's own word for it; empty where the label says it. */
  readonly term: string;
}

/** What of a run is needed to tell how it was set. */
export type ConfiguredRun = Pick<Run, 'modelFolder' | 'dataFile' | 'recipeName' | 'recipe' | 'computing'>;

const GUIDES = Object.values(FIELD_GROUPS).flat();

export const SETTINGS: readonly Setting[] = [
  { key: 'model', label: 'Model', term: '' },
  { key: 'text', label: 'Text', term: '' },
  { key: 'recipeName', label: 'Began with the recipe', term: '' },
  { key: 'scope', label: 'What learns', term: 'scope' },
  ...GUIDES.map(({ field, label, term }) => ({ key: field, label, term })),
  { key: 'runtime', label: 'Computed on', term: 'runtime' },
  { key: 'products', label: 'Rounding', term: 'precision of products' },
];

/** In words, by the key of the setting. */
export function settingsOf({
  modelFolder,
  dataFile,
  recipeName,
  recipe,
  computing,
}: ConfiguredRun): Map<string, string> {
  return new Map([
    ['model', modelFolder],
    ['text', dataFile],
    ['recipeName', recipeName ?? 'none'],
    ['scope', scopeWords(recipe.scope)],
    ...GUIDES.map((guide) => [guide.field, valueWords(guide, recipe)] as const),
    ['runtime', runtimeWords(computing)],
    ['products', computing?.products === 'bfloat16' ? 'rounded (bfloat16)' : 'none (float32)'],
  ]);
}

function runtimeWords(computing: Run['computing']): string {
  if (computing === undefined) return 'not known: an older lab did not keep it';
  const { runtime, threads } = computing;
  return threads === undefined ? RUNTIME_WORDS[runtime] : `${RUNTIME_WORDS[runtime]}, threads: ${threads}`;
}

function valueWords({ field, input }: FieldGuide, recipe: Recipe): string {
  const value = recipe[field];
  if (input.kind === 'switch') return value ? 'yes' : 'no';
  if (input.kind === 'choice') return input.options[String(value)] ?? String(value);
  if (Array.isArray(value)) return value.join(', ');
  if (value === null) return (input.kind === 'number' && input.empty) || 'none';
  if (field === 'stopAtLoss' && recipe.stopAtLoss) {
    const { loss, epochs } = recipe.stopAtLoss;
    return `below ${loss} for ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`;
  }
  return String(value);
}

/** The settings that are not the same in all runs. */
export function differences(runs: readonly ConfiguredRun[]): readonly Setting[] {
  const all = runs.map(settingsOf);
  return SETTINGS.filter(({ key }) => new Set(all.map((settings) => settings.get(key))).size > 1);
}

/** Keys of the settings that a person has made other than the run's recipe has them. */
export function changedFrom(
  { settings, adapterLearningRate }: NamedRecipe,
  { recipe }: ConfiguredRun,
): Set<string> {
  // What learns is chosen for every run; adapters are taught at the recipe's rate for adapters.
  const learningRate = (recipe.scope === 'full' ? null : adapterLearningRate) ?? settings.learningRate;
  const expected = { ...settings, learningRate };
  const changed = GUIDES.filter((guide) => valueWords(guide, expected) !== valueWords(guide, recipe));
  return new Set(changed.map(({ field }) => field));
}
