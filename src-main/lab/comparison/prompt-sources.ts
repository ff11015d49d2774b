/** Where beginnings come from besides a person's hands: a file, or what a run has held out. Engines read the files. */
import { z } from 'zod';
import type { OutputOf } from '../../../src-preload/contract/endpoint.ts';
import {
  comparisonContract,
  comparisonRequestSchema,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import { LabError } from '../../engine/errors.ts';
import type { Surroundings } from '../experiments/place-request.ts';
import type { Supervisor } from '../jobs/supervisor.ts';

type Answered = 'prompts.heldOut' | 'prompts.read';

export interface PromptSourcesOptions {
  readonly supervisor: Supervisor;
  readonly surroundings: Pick<Surroundings, 'asked'>;
}

export class PromptSources {
  readonly answers: Answers<Pick<typeof comparisonContract, Answered>>;
  readonly #options: PromptSourcesOptions;

  constructor(options: PromptSourcesOptions) {
    this.#options = options;
    this.answers = {
      'prompts.heldOut': (asked, signal) => this.#heldOut(asked, signal),
      'prompts.read': async ({ file }, signal) => ({ prompts: await this.#read(file, signal) }),
    };
  }

  async #heldOut(
    { run, count, tokens }: { readonly run: number; readonly count: number; readonly tokens: number },
    signal: AbortSignal,
  ): Promise<OutputOf<(typeof comparisonContract)['prompts.heldOut']>> {
    const { supervisor, surroundings } = this.#options;
    const { modelFolder: model, dataFile: data, recipe } = surroundings.asked(run).request;
    const job = { kind: 'held-out', model, data, recipe, count, tokens } as const;
    return comparisonContract['prompts.heldOut'].output.parse(await supervisor.submit(job, { signal }).done);
  }

  /** @throws LabError 'bad-argument' where there is none, or more than a comparison takes */
  async #read(file: string, signal: AbortSignal): Promise<string[]> {
    const read = await this.#options.supervisor.submit({ kind: 'prompts', file }, { signal }).done;
    const prompts = z.array(z.string()).parse(read);
    const checked = comparisonRequestSchema.shape.prompts.safeParse(prompts);
    if (checked.success) return checked.data;
    throw new LabError(
      'bad-argument',
      `${file} has ${prompts.length} beginnings. ${checked.error.issues[0]!.message} can be written on from.`,
      { file, prompts: prompts.length },
    );
  }
}
