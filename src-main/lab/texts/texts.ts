/**
 * The texts that a person can choose from: those that come with the lab, then those that were added. Files are read by
 * processes of their own, as a large one takes a while.
 */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Moved } from '../../../src-preload/contract/endpoints/common.ts';
import {
  type Inspection,
  inspectionSchema,
  previewSchema,
  type TextColumns,
  type TextFile,
  textColumnsSchema,
  textFileSchema,
  type textsContract,
} from '../../../src-preload/contract/endpoints/texts.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import { LabError } from '../../engine/errors.ts';
import { readDocuments } from '../../engine/text/documents/documents.ts';
import type { PathStore } from '../../store/library-store.ts';
import type { Job } from '../jobs/job.ts';
import type { Supervisor } from '../jobs/supervisor.ts';
import { titleOf } from '../title.ts';

const BUNDLED = ['sea-stories.txt', 'forest-stories.txt', 'winter-stories.txt'];

export const textDetailsSchema = z.object({
  /** As a person has chosen them. */
  columns: textColumnsSchema.nullable().default(null),
  /** What was found when the file had this size and modification time. */
  found: z
    .object({ stamp: z.string(), summary: textFileSchema.shape.found.unwrap() })
    .nullable()
    .default(null),
});
type TextStore = PathStore<typeof textDetailsSchema>;

interface Look {
  /** Of the file before it was read. */
  readonly stamp: string;
  readonly inspection: Inspection;
}

export class Texts {
  readonly answers: Answers<typeof textsContract>;
  readonly #store: TextStore;
  readonly #supervisor: Supervisor;
  readonly #samples: string;
  readonly #bundled: readonly string[];

  /** @param resources the lab's own `resources` folder */
  constructor(store: TextStore, supervisor: Supervisor, resources: string) {
    this.#store = store;
    this.#supervisor = supervisor;
    this.#samples = path.join(resources, 'samples');
    this.#bundled = BUNDLED.map((name) => path.join(this.#samples, name));
    this.answers = {
      'texts.list': () => this.#list(),
      'texts.inspect': ({ file, columns }, signal) => this.#inspect(path.resolve(file), columns, signal),
      'texts.add': ({ file, columns = null }, signal) => this.#add(path.resolve(file), columns, signal),
      'texts.remove': ({ file }) => store.remove(file),
      'texts.move': ({ file, to, evenIfDifferent }, signal) =>
        this.#move(file, path.resolve(to), evenIfDifferent, signal),
      'texts.preview': async ({ modelFolder: model, dataFile: data, columns, recipe }, signal) => {
        const result = await this.#perform({ kind: 'preview', model, data, recipe, columns }, signal);
        return previewSchema.parse(result);
      },
    };
  }

  /** Beginnings of stories that the bundled model has not seen. */
  async beginnings(): Promise<string[]> {
    const { documents } = await readDocuments(path.join(this.#samples, 'beginnings.txt'));
    return documents.flatMap(({ text }) => text.split('\n')).filter((line) => line.trim() !== '');
  }

  #list(): Promise<TextFile[]> {
    const added = this.#store.list().map(({ path: file }) => file);
    return Promise.all([...this.#bundled, ...added].map((file) => this.#describe(file)));
  }

  async #inspect(file: string, columns: TextColumns | null, signal: AbortSignal): Promise<Inspection> {
    const look = await this.#look(file, columns, signal);
    const kept = this.#store.detailsOf(file);
    if (kept !== undefined && sameColumns(kept.columns, columns)) this.#remember(file, columns, look);
    return look.inspection;
  }

  /** @throws LabError where it cannot be trained on: what cannot be used is not added */
  async #add(file: string, columns: TextColumns | null, signal: AbortSignal): Promise<TextFile> {
    const look = await this.#look(file, columns, signal);
    refuseUnusable(file, look);
    this.#store.add(file, path.basename(file));
    this.#remember(file, columns, look);
    return this.#describe(file);
  }

  async #move(file: string, to: string, evenIfDifferent: boolean, signal: AbortSignal): Promise<Moved> {
    const kept = this.#store.detailsOf(file);
    if (kept === undefined)
      throw new LabError('bad-argument', 'This text is not in the list any more.', { file });
    const look = await this.#look(to, kept.columns, signal);
    refuseUnusable(to, look);
    const { texts, characters } = look.inspection;
    const known = kept.found?.summary;
    if (!evenIfDifferent && (known?.texts !== texts || known.characters !== characters)) {
      return {
        difference: `What lies in ${to} is another text. Runs that are not finished could not go on with it.`,
      };
    }
    this.#store.move(file, to, path.basename(to));
    this.#remember(to, kept.columns, look);
    return { difference: null };
  }

  async #look(file: string, columns: TextColumns | null, signal: AbortSignal): Promise<Look> {
    const stamp = stampOf(await statusOf(file));
    const job = { kind: 'inspect', data: file, columns: columns ?? undefined } as const;
    return { stamp, inspection: inspectionSchema.parse(await this.#perform(job, signal)) };
  }

  /** For the list, where a file is not read again. */
  #remember(file: string, columns: TextColumns | null, { stamp, inspection }: Look): void {
    const { format, texts, characters, problemCounts } = inspection;
    const problems = Object.values(problemCounts).reduce((sum, count) => sum + count, 0);
    const summary = { format, texts, characters, problems };
    this.#store.setDetails(file, { columns, found: { stamp, summary } });
  }

  async #describe(file: string): Promise<TextFile> {
    const status = await statusOf(file);
    const bundled = this.#bundled.includes(file);
    const { columns = null, found = null } = this.#store.detailsOf(file) ?? {};
    const isKnown = found !== null && found.stamp === stampOf(status);
    return {
      ...{ file, bundled, columns, bytes: status?.size ?? null },
      name: bundled ? titleOf(file) : path.basename(file),
      found: isKnown ? found.summary : null,
    };
  }

  async #perform(job: Job, signal: AbortSignal): Promise<unknown> {
    return this.#supervisor.submit(job, { signal }).done;
  }
}

/** Undefined where there is no such file. */
function statusOf(file: string): Promise<Stats | undefined> {
  return stat(file).catch(() => undefined);
}

/** Changes when the file is written. */
function stampOf(status: Stats | undefined): string {
  return `${status?.size} ${status?.mtimeMs}`;
}

function refuseUnusable(file: string, { inspection: { refusal } }: Look): void {
  if (refusal !== null) throw new LabError('bad-data-set', refusal, { file });
}

function sameColumns(first: TextColumns | null, second: TextColumns | null): boolean {
  return first?.text === second?.text && first?.prompt === second?.prompt;
}
