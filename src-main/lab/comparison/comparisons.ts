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
  type WrittenPacket,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import { LabError } from '../../engine/errors.ts';
import type { ComparisonStore } from '../../store/comparison-store.ts';
import type { VoteStore } from '../../store/vote-store.ts';
import { Changes } from '../changes.ts';
import type { Surroundings } from '../experiments/place-request.ts';
import type { Supervisor } from '../jobs/supervisor.ts';
import type { Computing } from '../settings/computing.ts';
import { Exchange } from './exchange.ts';
import { Inspector } from './inspector.ts';
import { packetsOf } from './packets.ts';
import { Placing } from './placing.ts';
import { PromptSources } from './prompt-sources.ts';
import { Votes } from './votes.ts';
import { type ArmToWrite, Writing } from './writing.ts';
import {
  findKept,
  type KeptComparison,
  nothingWritten,
  type Outcome,
  readArm,
  readArms,
  toKept,
} from './written.ts';

const LONGEST_NAME = 80;

export interface ComparisonsOptions {
  readonly store: ComparisonStore;
  readonly votes: VoteStore;
  readonly supervisor: Supervisor;
  /** What must be known of the lab's runs, models and texts. */
  readonly surroundings: Omit<Surroundings, 'beginnings'>;
  readonly computing: () => Computing;
}

export class Comparisons {
  readonly answers: Answers<typeof comparisonContract>;
  readonly #store: ComparisonStore;
  readonly #options: ComparisonsOptions;
  readonly #placing: Placing;
  readonly #active = new Map<number, Writing>();
  readonly #changes = new Changes();

  constructor(options: ComparisonsOptions) {
    const { store, votes: voteStore, surroundings } = options;
    this.#options = options;
    this.#store = store;
    this.#placing = new Placing(surroundings);
    // What is being written is newer than what is kept.
    const shown = async (kept: KeptComparison) => this.#active.get(kept.id)?.arms ?? readArms(store, kept);
    const shownArm = (kept: KeptComparison, place: number) =>
      this.#active.get(kept.id)?.arms[place] ?? readArm(store, kept, place);
    const votes = new Votes(store, voteStore);
    this.answers = {
      comparisons: { read: () => this.#list(), subscribe: (listener) => this.#changes.subscribe(listener) },
      'comparisons.start': async (request) => ({ comparison: await this.#start(request) }),
      'comparisons.stop': ({ comparison }) => this.#stop(comparison),
      'comparisons.resume': ({ comparison }) => this.#resume(comparison),
      'comparisons.addArm': ({ comparison, arm }) => this.#addArm(comparison, arm),
      'comparisons.rename': ({ comparison, name }) => this.#rename(comparison, name),
      'comparisons.remove': ({ comparison }) => this.#remove(comparison),
      'comparisons.follow': ({ comparison }, signal) => this.#follow(comparison, signal),
      ...new Inspector({ ...options, placing: this.#placing, shownArm }).answers,
      ...votes.answers,
      ...new Exchange({ store, votes, shown, onChange: () => this.#changes.tell() }).answers,
      ...new PromptSources(options).answers,
    };
  }

  /** Stops all writing and keeps what is there. */
  async close(): Promise<void> {
    await Promise.all([...this.#active.keys()].map((id) => this.#stop(id)));
  }

  #list(): Comparison[] {
    return this.#store.list().map((stored) => {
      const { id, name, created, request, outcome, imported } = toKept(stored);
      const state = this.#active.get(id)?.state ?? stateOf(outcome);
      return { id, name, created, request, imported, state };
    });
  }

  async #start(request: ComparisonRequest): Promise<number> {
    const { arms, prompts, references } = request;
    if (references.length > 0 && references.length !== prompts.length)
      throw new LabError('bad-argument', 'There must be as many continuations as beginnings, or none.');
    // Refused before it is kept.
    await this.#placing.checkBlockers(arms, arms);
    const placed = await Promise.all(arms.map((arm) => this.#placing.arm(arm)));
    const name = arms.map((arm) => arm.name).join(' · ');
    const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
    const id = this.#store.add(shown, request, { outcome: null, error: null, imported: false });
    this.#write(
      id,
      request,
      placed.map((arm) => ({ place: async () => arm, written: nothingWritten(prompts.length) })),
    );
    return id;
  }

  async #resume(id: number): Promise<void> {
    const kept = this.#findOwn(id);
    const { arms } = kept.request;
    if (this.#writing(id)) return;
    const toWrite = await this.#armsToWrite(kept);
    const missing = arms.filter((_, place) => toWrite[place]!.written.measures === null);
    if (missing.length === 0)
      throw new LabError('bad-argument', 'All arms are complete.', { comparison: id });
    await this.#placing.checkBlockers(missing, arms);
    if (!this.#writing(id)) this.#write(id, kept.request, toWrite);
  }

  async #addArm(id: number, arm: Arm): Promise<void> {
    const kept = this.#findOwn(id);
    const before = kept.request.arms;
    const checked = comparisonRequestSchema.shape.arms.safeParse([...before, arm]);
    if (!checked.success)
      throw new LabError('bad-argument', `${checked.error.issues[0]!.message}.`, { comparison: id });
    await this.#placing.checkBlockers([arm], [...before, arm]);
    const placed = await this.#placing.arm(arm);
    const toWrite = await this.#armsToWrite(kept);
    const { request } = this.#findOwn(id);
    // Another was added meanwhile: what was read is not all there is.
    if (request.arms.length !== before.length) return this.#addArm(id, arm);
    const asked = { ...request, arms: [...before, arm] };
    const added = { place: async () => placed, written: nothingWritten(request.prompts.length) };
    this.#store.saveRequest(id, asked);
    const writing = this.#writing(id);
    if (writing) writing.add(added);
    else this.#write(id, asked, [...toWrite, added]);
    this.#changes.tell();
  }

  async #armsToWrite(kept: KeptComparison): Promise<ArmToWrite[]> {
    const arms = await readArms(this.#store, kept);
    return arms.map((written, place) => ({
      written,
      place: () => this.#placing.arm(kept.request.arms[place]!),
    }));
  }

  /** What writes it, as long as that takes arms. */
  #writing(id: number): Writing | undefined {
    const writing = this.#active.get(id);
    return writing?.outcome === null ? writing : undefined;
  }

  #write(id: number, { arms, prompts, maxNewTokens, seed }: ComparisonRequest, toWrite: ArmToWrite[]): void {
    const { supervisor, computing } = this.#options;
    const training = this.#placing.training(arms);
    const writing = new Writing({ prompts, maxNewTokens, seed, training }, toWrite, supervisor, computing);
    this.#active.set(id, writing);
    this.#keep(id, { outcome: null, error: null });
    void writing
      .write({
        onState: () => this.#changes.tell(),
        onArm: (place) => this.#store.saveArm(id, place, writing.arms[place]),
        onOutcome: () => this.#keep(id, writing),
      })
      .then(() => {
        if (this.#active.get(id) === writing) this.#active.delete(id);
      });
  }

  #keep(id: number, { outcome, error }: Pick<Outcome, 'outcome' | 'error'>): void {
    this.#store.saveResult(id, { outcome, error, imported: false });
  }

  async #stop(id: number): Promise<void> {
    findKept(this.#store, id);
    await this.#active.get(id)?.stop();
  }

  #rename(id: number, name: string): void {
    findKept(this.#store, id);
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
    const kept = findKept(this.#store, id);
    const known: number[][] = [];
    let writing = this.#active.get(id);
    if (writing === undefined) {
      const { request, error, imported, outcome } = kept;
      const arms = await readArms(this.#store, kept);
      // Writing may have begun meanwhile.
      writing = this.#active.get(id);
      if (writing === undefined) {
        yield* packetsOf({ state: stateOf(outcome), error, request, arms, imported }, known);
        return;
      }
    }
    let { request } = kept;
    while (!signal.aborted) {
      const next = writing.changes.next(signal);
      const { outcome, error, state, arms } = writing;
      // Arms may have come since.
      if (arms.length !== request.arms.length) request = findKept(this.#store, id).request;
      yield* packetsOf({ state, error, request, arms, imported: false }, known);
      if (outcome !== null) return;
      await next;
    }
  }

  /** @throws LabError 'bad-argument' for one that was read from a file */
  #findOwn(id: number): KeptComparison {
    const kept = findKept(this.#store, id);
    if (kept.imported)
      throw new LabError(
        'bad-argument',
        'This comparison was read from a file: it can be looked at and voted on, but not written on.',
        { comparison: id },
      );
    return kept;
  }
}

/** Of one that is not being written: the lab ended where it has no outcome. */
function stateOf(outcome: Outcome['outcome']): ComparisonState {
  return outcome ?? 'stopped';
}
