/** A lab that only compares, for tests: real engine processes, the fixture's model, and one run that has made its adapter. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  type Arm,
  type ComparisonRequest,
  putTail,
  type TokenText,
  type WrittenPacket,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { sampleText } from '../../../tests/cli/sample-text.ts';
import { LabError } from '../../engine/errors.ts';
import { GREEDY } from '../../engine/generation/decoding.ts';
import { findRecipe } from '../../engine/training/recipe.ts';
import { ComparisonStore } from '../../store/comparison-store.ts';
import { type Connection, openDatabase } from '../../store/database.ts';
import { VoteStore } from '../../store/vote-store.ts';
import type { Surroundings } from '../experiments/place-request.ts';
import type { Engine } from '../jobs/engine.ts';
import { forkEngine } from '../jobs/fork-engine.ts';
import { Supervisor } from '../jobs/supervisor.ts';
import { Comparisons } from './comparisons.ts';

export const MODEL = path.join(FIXTURES, 'llama');
export const ADAPTER = path.join(MODEL, 'adapter');
export const RUN = 7;

export const before: Arm = {
  name: 'Before',
  ...{ modelFolder: MODEL, run: null, checkpoint: null, decoding: GREEDY },
};
export const after: Arm = { ...before, name: 'After', run: RUN };
export const request = (changes: Partial<ComparisonRequest> = {}): ComparisonRequest => ({
  arms: [before, after],
  prompts: ['the sea', 'a boat and', 'I'],
  ...{ references: [], maxNewTokens: 24, seed: 1, ...changes },
});
export const forever = new AbortController().signal;

export class ComparingLab {
  readonly folder: string;
  readonly database: Connection;
  /** All that were started. */
  readonly engines: Engine[] = [];
  supervisor: Supervisor;
  comparisons: Comparisons;

  static async open(): Promise<ComparingLab> {
    return new ComparingLab(await mkdtemp(path.join(os.tmpdir(), 'comparisons-')));
  }

  private constructor(folder: string) {
    this.folder = folder;
    this.database = openDatabase(path.join(folder, 'lab.db'));
    [this.supervisor, this.comparisons] = this.#open();
  }

  /** What the run was trained on. */
  get text(): string {
    return path.join(this.folder, 'text.txt');
  }

  writeText(): Promise<void> {
    return writeFile(this.text, sampleText());
  }

  /** The same data, as a lab that was started again has it. */
  async reopen(): Promise<void> {
    await this.comparisons.close();
    await this.supervisor.close();
    [this.supervisor, this.comparisons] = this.#open();
  }

  async close(): Promise<void> {
    await this.comparisons.close();
    await this.supervisor.close();
    this.database.close();
    await rm(this.folder, { recursive: true });
  }

  async start(asked: ComparisonRequest): Promise<number> {
    return (await this.comparisons.answers['comparisons.start'](asked, forever))!.comparison;
  }

  async stop(comparison: number): Promise<void> {
    await this.comparisons.answers['comparisons.stop']({ comparison }, forever);
  }

  find(id: number) {
    return this.comparisons.answers.comparisons.read().find((one) => one.id === id);
  }

  /** What a window shows that follows from now on, until the end or until it has seen enough. */
  async follow(comparison: number, enough: (packet: WrittenPacket) => boolean = () => false) {
    const packets: WrittenPacket[] = [];
    const texts: TokenText[][] = [];
    for await (const packet of this.comparisons.answers['comparisons.follow']({ comparison }, forever)) {
      packets.push(packet);
      for (const tail of packet.tails) {
        const arm = texts[tail.arm] ?? [];
        arm[tail.prompt] = putTail(arm[tail.prompt] ?? { tokens: [], pieces: [], depths: [] }, tail);
        texts[tail.arm] = arm;
      }
      if (enough(packet)) break;
    }
    return { packets, texts, last: packets.at(-1)! };
  }

  #open(): [Supervisor, Comparisons] {
    const supervisor = new Supervisor(() => {
      const engine = forkEngine(path.join(import.meta.dirname, '../jobs/engine-process.ts'));
      this.engines.push(engine);
      return engine;
    });
    const surroundings: Omit<Surroundings, 'beginnings'> = {
      learned: async (run, step) => {
        if (run !== RUN) throw new LabError('bad-argument', 'This run is not finished.');
        if (step !== null) throw new LabError('bad-argument', 'It has kept nothing at this step.');
        return { adapter: ADAPTER };
      },
      asked: () => ({
        folder: this.folder,
        request: {
          ...{ name: 'a', modelFolder: MODEL, dataFile: this.text, recipeName: null },
          recipe: { ...findRecipe('quick').settings, windows: 4, windowLength: 16, heldOut: 3, batch: 2 },
        },
      }),
      whereIsModel: (place) => place,
      whereIsText: (file) => file,
      columnsOf: () => undefined,
    };
    const computing = () => ({ runtime: 'cpu', threads: 2 }) as const;
    const comparisons = new Comparisons({
      store: new ComparisonStore(this.database),
      votes: new VoteStore(this.database),
      ...{ supervisor, surroundings, computing },
    });
    return [supervisor, comparisons];
  }
}

export const hasText = ({ tails }: WrittenPacket): boolean => tails.length > 0;
