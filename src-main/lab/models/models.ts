/** The models that a person can choose from: those that come with the lab, then those that were added. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Moved } from '../../../src-preload/contract/endpoints/common.ts';
import type { FoundModel, Model, modelsContract } from '../../../src-preload/contract/endpoints/models.ts';
import { toWireError } from '../../../src-preload/contract/errors.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { LabError } from '../../engine/errors.ts';
import { openModelFolder } from '../../engine/formats/model-folder.ts';
import type { PathStore } from '../../store/library-store.ts';
import { titleOf } from '../title.ts';
import { findCachedModels, modelName } from './hugging-face-cache.ts';
import { Inspections } from './inspections.ts';

const BUNDLED = ['starter-model'];

export const modelDetailsSchema = z.object({
  /** Of its files when it was added: see formats/model-folder.ts. */
  fingerprint: z.string().optional(),
});
type ModelStore = PathStore<typeof modelDetailsSchema>;

export class Models {
  readonly answers: Answers<typeof modelsContract>;
  readonly #store: ModelStore;
  readonly #bundled: readonly string[];
  readonly #cache: string;
  readonly #inspections = new Inspections();

  /**
   * @param resources the lab's own `resources` folder
   * @param cache where Hugging Face's programs keep what they download
   */
  constructor(store: ModelStore, resources: string, cache: string) {
    this.#store = store;
    this.#bundled = BUNDLED.map((name) => path.join(resources, name));
    this.#cache = cache;
    this.answers = {
      'models.list': () => Promise.all(this.#folders().map((folder) => this.#describe(folder))),
      'models.found': () => this.#find(),
      'models.add': ({ folder }) => this.#add(folder),
      'models.remove': ({ folder }) => store.remove(folder),
      'models.move': ({ folder, to, evenIfDifferent }) => this.#move(folder, to, evenIfDifferent),
    };
  }

  #folders(): string[] {
    return [...this.#bundled, ...this.#store.list().map(({ path: folder }) => folder)];
  }

  /** @throws LabError where the lab cannot compute it: what cannot be used is not added */
  async #add(folder: string): Promise<Model> {
    const place = path.resolve(folder);
    const { fingerprint } = await this.#inspections.inspect(place);
    this.#store.add(place, modelName(place));
    this.#store.setDetails(place, { fingerprint });
    return this.#describe(place);
  }

  /** Of each only the headers are read. */
  async #find(): Promise<FoundModel[]> {
    const known = this.#folders();
    const folders = (await findCachedModels(this.#cache)).filter((folder) => !known.includes(folder));
    return Promise.all(folders.map(lookInto));
  }

  async #move(folder: string, to: string, evenIfDifferent: boolean): Promise<Moved> {
    const details = this.#store.detailsOf(folder);
    if (details === undefined)
      throw new LabError('bad-argument', 'This model is not in the list any more.', { folder });
    const place = path.resolve(to);
    const { fingerprint } = await this.#inspections.inspect(place);
    if (details.fingerprint !== fingerprint && !evenIfDifferent) {
      return {
        difference: `What lies in ${place} is another model, or a copy whose files have other times. Runs that are not finished could not go on with it.`,
      };
    }
    this.#store.move(folder, place, modelName(place));
    this.#store.setDetails(place, { fingerprint });
    return { difference: null };
  }

  async #describe(folder: string): Promise<Model> {
    const bundled = this.#bundled.includes(folder);
    const missing = (await stat(folder).catch(() => undefined)) === undefined;
    const base = { folder, name: bundled ? titleOf(folder) : modelName(folder), bundled, missing };
    try {
      const summary = await this.#inspections.inspect(folder);
      const known = this.#store.detailsOf(folder)?.fingerprint;
      return {
        ...base,
        changed: known !== undefined && known !== summary.fingerprint,
        summary,
        problem: null,
      };
    } catch (error) {
      return { ...base, changed: false, summary: null, problem: toWireError(error) };
    }
  }
}

async function lookInto(folder: string): Promise<FoundModel> {
  const base = { folder, name: modelName(folder) };
  try {
    const opened = await openModelFolder(folder);
    try {
      recognizeArchitecture(opened.config);
      return { ...base, bytesOnDisk: opened.totalBytes, problem: null };
    } finally {
      await opened.close();
    }
  } catch (error) {
    return { ...base, bytesOnDisk: null, problem: toWireError(error) };
  }
}
