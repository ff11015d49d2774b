/**
 * Experiments as the lab's windows see them: computed whether or not somebody looks, kept with whatever was found, gone on
 * with after they were stopped. What they find is told as plain data to show.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { OutputOf } from '../../../src-preload/contract/endpoint.ts';
import {
  type Experiment,
  type ExperimentRequest,
  type ExperimentState,
  experimentRequestSchema,
  type experimentsContract,
} from '../../../src-preload/contract/endpoints/experiments.ts';
import { toWireError, wireErrorSchema } from '../../../src-preload/contract/errors.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import { LabError } from '../../engine/errors.ts';
import type { ExperimentStore, StoredExperiment } from '../../store/experiment-store.ts';
import { SpacedChanges } from '../changes.ts';
import type { JobEvent } from '../jobs/job.ts';
import type { SubmittedJob, Supervisor } from '../jobs/supervisor.ts';
import { analyseCommand, seedOf } from '../report/again.ts';
import { renderStudy, type StudyPart, studyFacts } from '../report/study.ts';
import type { Computing } from '../settings/computing.ts';
import { placeRequest, type Surroundings } from './place-request.ts';
import { findExperiment } from './registry.ts';

/** Windows are told of progress at most so often. */
const TELL_MILLISECONDS = 200;

/** One that waits or is computed. */
class Active {
  state: 'waiting' | 'running' = 'waiting';
  share = 0;
  stage = '';
  isStopped = false;
  job: SubmittedJob | undefined;
  over: Promise<void> = Promise.resolve();
}

export interface ExperimentsOptions {
  readonly store: ExperimentStore;
  readonly supervisor: Supervisor;
  readonly surroundings: Surroundings;
  /** For the folders of runs that experiments train. */
  readonly folder: string;
  readonly computing: () => Computing;
  /** Of the lab, for reports. */
  readonly version: string;
}

export class Experiments {
  readonly answers: Answers<typeof experimentsContract> = {
    experiments: {
      read: () => this.#list(),
      subscribe: (listener) => this.#changes.subscribe(listener),
    },
    'experiments.start': async (request) => ({ experiment: await this.#start(request) }),
    'experiments.stop': ({ experiment }) => this.#stop(experiment),
    'experiments.resume': ({ experiment }) => this.#resume(experiment),
    'experiments.rename': ({ experiment, name }) => this.#rename(experiment, name),
    'experiments.remove': ({ experiment }) => this.#remove(experiment),
    'experiments.show': ({ experiment }) => this.#show(experiment),
    'experiments.export': ({ experiment }) => this.#export(experiment),
    'experiments.report': ({ experiments }) => this.#report(experiments),
  };
  readonly #options: ExperimentsOptions;
  readonly #active = new Map<number, Active>();
  readonly #changes = new SpacedChanges(TELL_MILLISECONDS);

  constructor(options: ExperimentsOptions) {
    this.#options = options;
  }

  /** Stops all and keeps what was found. */
  async close(): Promise<void> {
    await Promise.all([...this.#active.keys()].map((id) => this.#stop(id)));
    this.#changes.close();
  }

  #list(): Experiment[] {
    return this.#options.store.list().map((stored) => {
      const active = this.#active.get(stored.id);
      return {
        id: stored.id,
        name: stored.name,
        created: stored.created,
        state: active?.state ?? stateOf(stored),
        share: active?.share ?? (stored.outcome === 'finished' ? 1 : 0),
        stage: active?.stage ?? '',
        error: stored.error === null ? null : wireErrorSchema.parse(stored.error),
        request: requestOf(stored),
      };
    });
  }

  async #start(request: ExperimentRequest): Promise<number> {
    // Refused before it is kept.
    const placed = await placeRequest(request, this.#options.surroundings);
    const id = this.#options.store.add(findExperiment(request.kind).title, request);
    this.#compute(id, request, placed);
    return id;
  }

  async #resume(id: number): Promise<void> {
    const stored = this.#find(id);
    if (this.#active.has(id)) return;
    if (stored.outcome === 'finished')
      throw new LabError('bad-argument', 'This experiment is finished.', { experiment: id });
    const request = requestOf(stored);
    const placed = await placeRequest(request, this.#options.surroundings);
    if (this.#active.has(id)) return;
    this.#options.store.setOutcome(id, null);
    this.#compute(id, request, placed);
  }

  #compute(id: number, { kind }: ExperimentRequest, placed: unknown): void {
    const { supervisor, store, computing } = this.#options;
    const active = new Active();
    this.#active.set(id, active);
    active.job = supervisor.submit(
      {
        kind: 'experiment',
        ...{ experiment: kind, request: placed, previous: store.results(id), folder: this.#folderOf(id) },
        ...computing(),
      },
      {
        onStart: () => {
          active.state = 'running';
          this.#changes.tell();
        },
        onEvent: (event) => this.#hear(id, active, event),
      },
    );
    active.over = this.#settle(id, active, active.job.done);
    this.#changes.tell();
  }

  /** It never fails: how the experiment ended is kept. */
  async #settle(id: number, active: Active, done: Promise<unknown>): Promise<void> {
    const { store } = this.#options;
    try {
      store.saveResults(id, await done);
      store.setOutcome(id, 'finished');
    } catch (error) {
      // Where even that cannot be kept, such as on a full disk, it counts as stopped.
      try {
        if (active.isStopped) store.setOutcome(id, 'stopped');
        else store.setOutcome(id, 'failed', toWireError(error));
      } catch {}
    }
    this.#active.delete(id);
    this.#changes.tell();
  }

  #hear(id: number, active: Active, event: JobEvent): void {
    if (event.kind === 'found') this.#options.store.saveResults(id, event.results);
    else if (event.kind === 'experimenting') [active.share, active.stage] = [event.share, event.stage];
    else return;
    this.#changes.tell();
  }

  async #stop(id: number): Promise<void> {
    const active = this.#active.get(id);
    if (active === undefined) return;
    active.isStopped = true;
    active.job?.stop();
    await active.over;
  }

  #rename(id: number, name: string): void {
    this.#find(id);
    this.#options.store.rename(id, name);
    this.#changes.tell();
  }

  async #remove(id: number): Promise<void> {
    this.#find(id);
    await this.#stop(id);
    await rm(this.#folderOf(id), { recursive: true, force: true });
    this.#options.store.remove(id);
    this.#changes.tell();
  }

  #show(id: number): OutputOf<(typeof experimentsContract)['experiments.show']> {
    const { kind } = requestOf(this.#find(id));
    const results = this.#options.store.results(id);
    if (results === undefined) return null;
    const experiment = findExperiment(kind);
    return { showing: experiment.show(results), detail: experiment.detail(results) };
  }

  async #export(id: number): Promise<{ name: string; text: string }> {
    const stored = this.#find(id);
    const request = requestOf(stored);
    const { definitions } = findExperiment(request.kind);
    const exported = {
      experiment: request.kind,
      name: stored.name,
      /** As a page asked for it, and as `lab analyse --inputs` takes it; null where what it is about is gone. */
      asked: request,
      inputs: await placeRequest(request, this.#options.surroundings).catch(() => null),
      definitions: Object.fromEntries(definitions.map(({ term, text }) => [term, text])),
      results: this.#options.store.results(id) ?? null,
    };
    return { name: `${request.kind}-${id}.json`, text: JSON.stringify(exported, null, 2) };
  }

  async #report(ids: readonly number[]): Promise<{ name: string; text: string }> {
    const { runtime, threads } = this.#options.computing();
    const parts: StudyPart[] = [];
    for (const id of ids) {
      const stored = this.#find(id);
      const shown = this.#show(id);
      if (shown === null)
        throw new LabError('bad-argument', `The experiment "${stored.name}" has not found anything yet.`, {
          experiment: id,
        });
      const request = requestOf(stored);
      const { title } = findExperiment(request.kind);
      const again = await this.#again(request, runtime);
      const { name, created } = stored;
      parts.push({ name, title, created, showing: shown.showing, again, seed: seedOf(request) });
    }
    const facts = studyFacts(this.#options.version, `${runtime}, ${threads} threads, as it is set now`);
    const title = parts.length === 1 ? parts[0]!.name : 'Why it works: a study';
    return { name: 'study.html', text: renderStudy({ title, parts, facts }) };
  }

  /** How to compute it again; the run, or what it has kept, may be gone by now. */
  async #again(request: ExperimentRequest, runtime: string): Promise<StudyPart['again']> {
    try {
      const placed = await placeRequest(request, this.#options.surroundings);
      return { command: analyseCommand(request.kind, placed, runtime) };
    } catch (error) {
      if (error instanceof LabError) return { problem: error.message };
      throw error;
    }
  }

  #folderOf(id: number): string {
    return path.join(this.#options.folder, String(id));
  }

  #find(id: number): StoredExperiment {
    const stored = this.#options.store.find(id);
    if (stored === undefined)
      throw new LabError('bad-argument', 'There is no such experiment any more.', { experiment: id });
    return stored;
  }
}

function requestOf({ request }: StoredExperiment): ExperimentRequest {
  return experimentRequestSchema.parse(request);
}

/** Of one that is not being computed: the lab ended where it has no outcome. */
function stateOf({ outcome }: StoredExperiment): ExperimentState {
  return outcome ?? 'stopped';
}
