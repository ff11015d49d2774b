/**
 * Runs as the page's lists show them. Each summary is made once, and again only when its run changes: a lab with hundreds
 * of runs tells five times a second of the one that learns.
 */
import {
  type Live,
  type Run,
  type RunState,
  startedRunSchema,
} from '../../../src-preload/contract/endpoints/runs.ts';
import { type WireError, wireErrorSchema } from '../../../src-preload/contract/errors.ts';
import type { Attempt, RunStore, StoredRun } from '../../store/run-store.ts';
import type { ActiveRun } from './active-run.ts';

/** Of the small picture of a run's loss. */
const CURVE_POINTS = 32;

export class RunSummaries {
  readonly #store: RunStore;
  readonly #active: ReadonlyMap<number, ActiveRun>;
  /** Newest first; undefined before it is asked for. */
  #known: Map<number, Run> | undefined;

  constructor(store: RunStore, active: ReadonlyMap<number, ActiveRun>) {
    this.#store = store;
    this.#active = active;
  }

  list(): Run[] {
    this.#known ??= new Map(this.#store.list().map((stored) => [stored.id, this.#describe(stored)]));
    // What changes by itself, such as the time left, is not kept.
    return [...this.#known.values()].map((run) => (run.live === null ? run : this.#withLive(run)));
  }

  find(run: number): Run | undefined {
    return this.list().find(({ id }) => id === run);
  }

  /** Something of this run is not as it was. */
  forget(run: number): void {
    const stored = this.#store.find(run);
    if (stored !== undefined && this.#known?.has(run)) this.#known.set(run, this.#describe(stored));
    else this.#known = undefined;
  }

  #describe(stored: StoredRun): Run {
    const { id, created, folder, name, notes, tags, favourite, totalSteps } = stored;
    const attempts = this.#store.attempts(id);
    const last = attempts.at(-1);
    const active = this.#active.get(id);
    const largest = (field: 'peakMemoryBytes' | 'diskBytes') =>
      Math.max(0, ...attempts.map((attempt) => attempt[field] ?? 0)) || null;
    return {
      ...startedRunSchema.parse(stored.request),
      ...{ id, created, folder, name, notes, tags, favourite, totalSteps },
      state: stateOf(active, last),
      error: active ? null : toError(last?.error),
      stopped: active ? null : (last?.stopped ?? null),
      ...this.#store.numbers.progress(id),
      lossCurve: this.#store.numbers.lossCurve(id, CURVE_POINTS),
      seconds: attempts.reduce((sum, attempt) => sum + secondsOf(attempt), 0),
      peakMemoryBytes: largest('peakMemoryBytes'),
      diskBytes: largest('diskBytes'),
      live: active?.live ?? null,
    };
  }

  #withLive(run: Run): Run {
    const live: Live | null = this.#active.get(run.id)?.live ?? null;
    return { ...run, live };
  }
}

function stateOf(active: ActiveRun | undefined, last: Attempt | undefined): RunState {
  if (active) return active.isComputed ? 'running' : 'waiting';
  // Nothing was begun: the lab ended while it waited.
  return last?.outcome ?? 'paused';
}

function toError(stored: unknown): WireError | null {
  return wireErrorSchema
    .nullable()
    .catch(null)
    .parse(stored ?? null);
}

function secondsOf({ began, ended }: Attempt): number {
  return ((ended === null ? Date.now() : Date.parse(ended)) - Date.parse(began)) / 1000;
}
