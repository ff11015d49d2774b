/**
 * Comparisons as the lab's windows see them: written whether or not somebody looks, kept with whatever was written, followed
 * from any window from the beginning.
 */
import {
  type Arm,
  type Comparison,
  type ComparisonRequest,
  type ComparisonState,
  type comparisonContract,
  comparisonRequestSchema,
  tailOf,
  type WrittenPacket,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import { LabError } from '../../engine/errors.ts';
import type { ComparisonStore, StoredComparison } from '../../store/comparison-store.ts';
import { Changes } from '../changes.ts';
import type { Supervisor } from '../jobs/supervisor.ts';
import type { Runs } from '../runs/runs.ts';
import type { Computing } from '../settings/computing.ts';
import { nothingWritten, type PlacedArm, Writing, type Written, writtenSchema } from './writing.ts';

const LONGEST_NAME = 80;

export class Comparisons {
  readonly answers: Answers<typeof comparisonContract> = {
    comparisons: { read: () => this.#list(), subscribe: (listener) => this.#changes.subscribe(listener) },
    'comparisons.start': async (request) => ({ comparison: await this.#start(request) }),
    'comparisons.stop': ({ comparison }) => this.#stop(comparison),
    'comparisons.rename': ({ comparison, name }) => this.#rename(comparison, name),
    'comparisons.remove': ({ comparison }) => this.#remove(comparison),
    'comparisons.follow': ({ comparison }, signal) => this.#follow(comparison, signal),
    'comparisons.resume': notYet,
    'comparisons.addArm': notYet,
    'comparisons.inspect': notYet,
    'comparisons.branch': notYet,
    'comparisons.source': notYet,
    'comparisons.votes': notYet,
    'comparisons.vote': notYet,
    'comparisons.export': notYet,
    'comparisons.import': notYet,
    'prompts.heldOut': notYet,
    'prompts.read': notYet,
  };
  readonly #store: ComparisonStore;
  readonly #supervisor: Supervisor;
  readonly #runs: Pick<Runs, 'learned'>;
  readonly #computing: () => Computing;
  readonly #active = new Map<number, Writing>();
  readonly #changes = new Changes();

  constructor(
    store: ComparisonStore,
    supervisor: Supervisor,
    runs: Pick<Runs, 'learned'>,
    computing: () => Computing,
  ) {
    this.#store = store;
    this.#supervisor = supervisor;
    this.#runs = runs;
    this.#computing = computing;
  }

  /** Stops all writing and keeps what is there. */
  async close(): Promise<void> {
    await Promise.all([...this.#active.keys()].map((id) => this.#stop(id)));
  }

  #list(): Comparison[] {
    return this.#store.list().map((stored) => ({
      id: stored.id,
      name: stored.name,
      created: stored.created,
      state: this.#active.get(stored.id)?.state ?? stateOf(stored.outcome),
      request: comparisonRequestSchema.parse(stored.request),
    }));
  }

  async #start(request: ComparisonRequest): Promise<number> {
    const { arms, prompts, maxNewTokens, seed } = request;
    const placed = await Promise.all(arms.map((arm) => this.#place(arm)));
    const name = arms.map((arm) => arm.name).join(' · ');
    const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
    const id = this.#store.add(shown, request, nothingWritten(arms.length, prompts.length));
    const writing = new Writing(
      { arms: placed, prompts, maxNewTokens, seed },
      this.#supervisor,
      this.#computing,
    );
    this.#active.set(id, writing);
    void writing
      .write({
        onState: () => this.#changes.tell(),
        onKept: () => this.#store.saveResult(id, writing.written),
      })
      .then(() => this.#active.delete(id));
    return id;
  }

  async #stop(id: number): Promise<void> {
    this.#find(id);
    await this.#active.get(id)?.stop();
  }

  #rename(id: number, name: string): void {
    this.#find(id);
    this.#store.rename(id, name);
    this.#changes.tell();
  }

  async #remove(id: number): Promise<void> {
    await this.#stop(id);
    this.#store.remove(id);
    this.#changes.tell();
  }

  /** All that is written, then what comes, until it is over. */
  async *#follow(id: number, signal: AbortSignal): AsyncGenerator<WrittenPacket> {
    const { request, outcome } = this.#find(id);
    const { maxNewTokens } = comparisonRequestSchema.parse(request);
    const writing = this.#active.get(id);
    if (writing === undefined) {
      yield packet(writtenSchema.parse(this.#store.result(id)), stateOf(outcome), maxNewTokens, []);
      return;
    }
    const known: number[][] = [];
    while (!signal.aborted) {
      const next = writing.changes.next(signal);
      const { state, written } = writing;
      yield packet(written, state, maxNewTokens, known);
      if (written.outcome !== null) return;
      await next;
    }
  }

  /** The model folder, and the adapter over it, where there is one. */
  async #place({ modelFolder, run, checkpoint, decoding }: Arm): Promise<PlacedArm> {
    if (run === null) return { model: modelFolder, adapter: null, decoding };
    const { model, adapter } = await this.#runs.learned(run, checkpoint?.step ?? null);
    return { model: model ?? modelFolder, adapter: adapter ?? null, decoding };
  }

  #find(id: number): StoredComparison {
    const stored = this.#store.find(id);
    if (stored === undefined)
      throw new LabError('bad-argument', 'There is no such comparison any more.', { comparison: id });
    return stored;
  }
}

function notYet(): never {
  throw new LabError('bad-argument', 'The lab cannot do this yet.');
}

/** Of one that is not being written: the lab ended where it has no outcome. */
function stateOf(outcome: string | null): ComparisonState {
  return writtenSchema.shape.outcome.parse(outcome) ?? 'stopped';
}

/** What is new to who knows the texts to these lengths, by arm and prompt; they are brought up to date. */
function packet(
  { arms, error }: Written,
  state: ComparisonState,
  maxNewTokens: number,
  known: number[][],
): WrittenPacket {
  const tails: WrittenPacket['tails'] = [];
  let done = 0;
  for (const [arm, { texts, measures }] of arms.entries()) {
    const lengths = known[arm] ?? [];
    for (const [prompt, text] of texts.entries()) {
      const tail = tailOf(text, prompt, lengths[prompt] ?? 0);
      if (tail) tails.push({ ...tail, arm });
    }
    known[arm] = texts.map(({ tokens }) => tokens.length);
    const tokens = known[arm].reduce((sum, length) => sum + length, 0);
    done += measures === null ? tokens / (texts.length * maxNewTokens) : 1;
  }
  const share = Math.min(1, done / arms.length);
  const measures = arms.map((arm) => arm.measures);
  return { state, share, error, measures, overlaps: arms.map(() => null), notes: [], tails };
}
