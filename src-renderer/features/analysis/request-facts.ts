/** The inputs of an experiment in words, those that were left as they were too. */
import type { ExperimentRequest } from '../../../src-preload/contract/endpoints/experiments.ts';
import type { Model } from '../../../src-preload/contract/endpoints/models.ts';
import type { TextFile } from '../../../src-preload/contract/endpoints/texts.ts';
import { scopeWords } from '../../ui/words.ts';
import { fieldsOf } from './setting-fields.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

interface Library {
  readonly models: readonly Pick<Model, 'folder' | 'name'>[];
  readonly texts: readonly Pick<TextFile, 'file' | 'name'>[];
}

export function requestFacts(request: ExperimentRequest, { models, texts }: Library): Fact[] {
  const textName = (file: string) => texts.find((text) => text.file === file)?.name ?? file;
  const facts: Fact[] = [];
  const add = (name: string, value: string | number) => facts.push({ name, value: String(value) });

  if ('checkpoint' in request) {
    const { checkpoint } = request;
    add('After', checkpoint ? `epoch ${checkpoint.epoch}, step ${checkpoint.step}` : 'its end');
  }
  if ('modelFolder' in request) {
    const { modelFolder, recipe } = request;
    add('Model', models.find(({ folder }) => folder === modelFolder)?.name ?? modelFolder);
    if ('dataFile' in request) add('Text', textName(request.dataFile));
    if ('dataFiles' in request) add('Texts', request.dataFiles.map(textName).join(', '));
    if (request.kind === 'strategies') add('What learns', request.scopes.map(scopeWords).join('; '));
    else add('What learns', scopeWords(recipe.scope));
    add('Epochs', recipe.epochs);
    add('Learning rate', recipe.learningRate);
    add('Pieces of text (windows) at most', `${recipe.windows} of ${recipe.windowLength} tokens`);
    add('Seed', recipe.seed);
  }
  for (const { field, label, term } of fieldsOf(request.kind)) {
    const value: unknown = Object.entries(request).find(([name]) => name === field)?.[1];
    if (typeof value === 'number') add(`${label} (${term})`, value);
    if (Array.isArray(value)) add(`${label} (${term})`, value.join(', '));
  }
  return facts;
}
