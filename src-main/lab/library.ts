/** The models and texts that a person can choose from: those that come with the lab, then those that were added. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { toWireError } from '../../src-preload/contract/errors.ts';
import type { Model, TextFile } from '../../src-preload/contract/shapes.ts';
import { readDocuments } from '../engine/text/documents.ts';
import type { PathStore } from '../store/library-store.ts';
import { inspectModel } from './inspect-model.ts';

const BUNDLED_MODELS = ['starter-model'];
const BUNDLED_TEXTS = ['sea-stories.txt', 'forest-stories.txt', 'winter-stories.txt'];

export class Library {
  readonly #models: PathStore;
  readonly #texts: PathStore;
  readonly #resources: string;

  /** @param resources the lab's own `resources` folder */
  constructor(models: PathStore, texts: PathStore, resources: string) {
    this.#models = models;
    this.#texts = texts;
    this.#resources = resources;
  }

  models(): Promise<Model[]> {
    const bundled = BUNDLED_MODELS.map((name) => path.join(this.#resources, name));
    return Promise.all([...bundled, ...this.#models.list()].map((folder) => describeModel(folder, bundled)));
  }

  /** @throws LabError where the lab cannot compute it: what cannot be used is not added */
  async addModel(folder: string): Promise<Model> {
    const place = path.resolve(folder);
    await inspectModel(place);
    this.#models.add(place, path.basename(place));
    return describeModel(place, []);
  }

  removeModel(folder: string): void {
    this.#models.remove(folder);
  }

  texts(): Promise<TextFile[]> {
    const bundled = BUNDLED_TEXTS.map((name) => path.join(this.#resources, 'samples', name));
    return Promise.all([...bundled, ...this.#texts.list()].map((file) => describeText(file, bundled)));
  }

  /** @throws LabError where it cannot be read as text */
  async addText(file: string): Promise<TextFile> {
    const place = path.resolve(file);
    await readDocuments(place);
    this.#texts.add(place, path.basename(place));
    return describeText(place, []);
  }

  removeText(file: string): void {
    this.#texts.remove(file);
  }

  /** Beginnings of stories that the bundled model has not seen. */
  async beginnings(): Promise<string[]> {
    const { documents } = await readDocuments(path.join(this.#resources, 'samples', 'beginnings.txt'));
    return documents.flatMap(({ text }) => text.split('\n')).filter((line) => line.trim() !== '');
  }
}

async function describeModel(folder: string, bundled: readonly string[]): Promise<Model> {
  const base = { folder, name: nameOf(folder), bundled: bundled.includes(folder) };
  try {
    return { ...base, summary: await inspectModel(folder), problem: null };
  } catch (error) {
    return { ...base, summary: null, problem: toWireError(error) };
  }
}

async function describeText(file: string, bundled: readonly string[]): Promise<TextFile> {
  const found = await stat(file).catch(() => undefined);
  return { file, name: nameOf(file), bundled: bundled.includes(file), bytes: found?.size ?? null };
}

/** "sea-stories.txt" → "Sea stories"; other names stay. */
function nameOf(place: string): string {
  const name = path.basename(place);
  if (![...BUNDLED_MODELS, ...BUNDLED_TEXTS].includes(name)) return name;
  const words = path.parse(name).name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
