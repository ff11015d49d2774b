/** Comparisons with real engine processes: streamed, stopped, kept, and in turn with training. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Arm,
  type ComparisonRequest,
  putTail,
  type TokenText,
  type WrittenPacket,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import type { RunRequest } from '../../../src-preload/contract/endpoints/runs.ts';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { sampleText } from '../../../tests/cli/sample-text.ts';
import { LabError } from '../../engine/errors.ts';
import { GREEDY } from '../../engine/generation/decoding.ts';
import { findRecipe } from '../../engine/training/recipe.ts';
import { ComparisonStore } from '../../store/comparison-store.ts';
import { type Connection, openDatabase } from '../../store/database.ts';
import { VoteStore } from '../../store/vote-store.ts';
import type { Engine } from '../jobs/engine.ts';
import { forkEngine } from '../jobs/fork-engine.ts';
import { Supervisor } from '../jobs/supervisor.ts';
import { compare } from './compare.ts';
import { Comparisons } from './comparisons.ts';

const MODEL = path.join(FIXTURES, 'llama');
const ADAPTER = path.join(MODEL, 'adapter');
const RUN = 7;
const RUN_REQUEST: RunRequest = {
  name: 'a',
  modelFolder: MODEL,
  dataFile: '',
  recipeName: null,
  recipe: { ...findRecipe('quick').settings, windows: 4, windowLength: 16, heldOut: 3, batch: 2 },
};
const forever = new AbortController().signal;

let folder: string;
let database: Connection;
let engines: Engine[];
let supervisor: Supervisor;
let comparisons: Comparisons;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'comparisons-'));
  database = openDatabase(path.join(folder, 'lab.db'));
  engines = [];
  open();
});
afterEach(async () => {
  await comparisons.close();
  await supervisor.close();
  database.close();
  await rm(folder, { recursive: true });
});

function open(): void {
  supervisor = new Supervisor(() => {
    const engine = forkEngine(path.join(import.meta.dirname, '../jobs/engine-process.ts'));
    engines.push(engine);
    return engine;
  });
  const surroundings = {
    learned: async (run: number, step: number | null) => {
      if (run !== RUN) throw new LabError('bad-argument', 'This run is not finished.');
      if (step !== null) throw new LabError('bad-argument', 'It has kept nothing at this step.');
      return { adapter: ADAPTER };
    },
    asked: () => ({ folder, request: { ...RUN_REQUEST, dataFile: path.join(folder, 'text.txt') } }),
    whereIsModel: (place: string) => place,
    whereIsText: (file: string) => file,
    columnsOf: () => undefined,
  };
  const computing = () => ({ runtime: 'cpu', threads: 2 }) as const;
  comparisons = new Comparisons({
    store: new ComparisonStore(database),
    votes: new VoteStore(database),
    ...{ supervisor, surroundings, computing },
  });
}

const before: Arm = { name: 'Before', modelFolder: MODEL, run: null, checkpoint: null, decoding: GREEDY };
const after: Arm = { name: 'After', modelFolder: MODEL, run: RUN, checkpoint: null, decoding: GREEDY };
const request = (changes: Partial<ComparisonRequest> = {}): ComparisonRequest => ({
  arms: [before, after],
  prompts: ['the sea', 'a boat and', 'I'],
  references: [],
  maxNewTokens: 24,
  seed: 1,
  ...changes,
});

async function start(asked: ComparisonRequest): Promise<number> {
  return (await comparisons.answers['comparisons.start'](asked, forever))!.comparison;
}
const stop = (comparison: number) => comparisons.answers['comparisons.stop']({ comparison }, forever);
const find = (id: number) => comparisons.answers.comparisons.read().find((one) => one.id === id);

/** What a window shows that follows from now on, until the end or until it has seen enough. */
async function follow(comparison: number, enough: (packet: WrittenPacket) => boolean = () => false) {
  const packets: WrittenPacket[] = [];
  const texts: TokenText[][] = [];
  for await (const packet of comparisons.answers['comparisons.follow']({ comparison }, forever)) {
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
const hasText = ({ tails }: WrittenPacket) => tails.length > 0;

describe('comparisons', () => {
  it('tells the texts bit by bit; together they are what the command line writes', async () => {
    const asked = request({ maxNewTokens: 400 });
    const id = await start(asked);
    const { packets, texts, last } = await follow(id);
    expect(last).toMatchObject({ state: 'finished', share: 1, error: null });
    const withText = packets.filter(hasText);
    expect(withText.length).toBeGreaterThan(2);
    const whole = await compare({
      arms: [null, ADAPTER].map((adapter) => ({ name: '', model: MODEL, adapter, decoding: GREEDY })),
      prompts: asked.prompts,
      maxNewTokens: asked.maxNewTokens,
      ...{ seed: 1, runtime: 'cpu', atEnd: 'forbid' },
    });
    for (const [place, arm] of whole.arms.entries()) {
      expect(texts[place]).toEqual(arm.texts.map((text) => ({ ...text, depths: text.depths })));
      expect(last.measures[place]).toMatchObject(arm.measures);
    }
    // Whoever comes later, or comes back, sees the same.
    expect((await follow(id)).texts).toEqual(texts);
  });

  it('writes the next one in the same process, and after a kill in another', async () => {
    await follow(await start(request()));
    await follow(await start(request({ arms: [after, before] })));
    expect(engines).toHaveLength(1);
    const killed = await start(request({ maxNewTokens: 4000 }));
    await follow(killed, hasText);
    process.kill(Number(engines[0]!.name.replace('pid ', '')), 'SIGKILL');
    expect((await follow(killed)).last).toMatchObject({ state: 'failed', error: { code: 'engine-lost' } });
    expect((await follow(await start(request()))).last.state).toBe('finished');
    expect(engines).toHaveLength(2);
  });

  it('keeps what is written when it is stopped, and writes on in the same process', async () => {
    const id = await start(request({ maxNewTokens: 4000 }));
    await follow(id, hasText);
    await stop(id);
    expect(find(id)?.state).toBe('stopped');
    const kept = await follow(id);
    expect(kept.last).toMatchObject({ state: 'stopped', error: null, measures: [null, null] });
    expect(kept.last.share).toBeLessThan(1);
    expect(kept.texts[0]![0]!.tokens.length).toBeGreaterThan(0);
    expect((await follow(await start(request()))).last.state).toBe('finished');
    expect(engines).toHaveLength(1);
  });

  it('keeps what is written when the lab closes, and what a killed lab had complete', async () => {
    const closed = await start(request({ maxNewTokens: 4000 }));
    await follow(closed, hasText);
    await comparisons.close();
    await supervisor.close();
    open();
    expect(find(closed)?.state).toBe('stopped');
    expect((await follow(closed)).texts[0]![0]!.tokens.length).toBeGreaterThan(0);
    database.exec(`UPDATE comparisons SET result_json = json_set(result_json, '$.outcome', NULL)`);
    expect(find(closed)?.state).toBe('stopped');
  });

  it('lets training have its turn between two arms', async () => {
    const data = path.join(folder, 'text.txt');
    await writeFile(data, sampleText());
    const id = await start(request({ maxNewTokens: 600 }));
    await follow(id, ({ state }) => state === 'writing');
    const { settings } = findRecipe('quick');
    const order: string[] = [];
    const training = supervisor.submit(
      {
        ...{ kind: 'hyperfit', model: MODEL, data, recipeName: null, runtime: 'cpu', resume: false },
        recipe: { ...settings, epochs: 1, windows: 4, windowLength: 16, batch: 2, samples: 0 },
        out: path.join(folder, 'run'),
      },
      { onStart: () => order.push(...(supervisor.status().map(({ kind }) => kind) as string[])) },
    );
    await training.done;
    const { last, packets } = await follow(id);
    expect(order[0]).toBe('hyperfit');
    expect(packets[0]?.measures).toEqual([expect.any(Object), null]);
    expect(last.state).toBe('finished');
    expect(engines).toHaveLength(3);
  });

  it('is listed, renamed and removed, and refuses what it does not have', async () => {
    const id = await start(request());
    await follow(id);
    comparisons.answers['comparisons.rename']({ comparison: id, name: 'The sea' }, forever);
    expect(find(id)).toMatchObject({ name: 'The sea', request: { prompts: ['the sea', 'a boat and', 'I'] } });
    await comparisons.answers['comparisons.remove']({ comparison: id }, forever);
    expect(comparisons.answers.comparisons.read()).toEqual([]);
    await expect(follow(id)).rejects.toThrow('no such comparison');
    const checkpoint = { step: 3, epoch: 1 };
    await expect(start(request({ arms: [{ ...after, run: 8 }] }))).rejects.toThrow('not finished');
    await expect(start(request({ arms: [{ ...after, checkpoint }] }))).rejects.toThrow('kept nothing');
    expect(comparisons.answers.comparisons.read()).toEqual([]);
  });

  it('says what kept it from writing', async () => {
    const id = await start(request({ arms: [before, { ...before, modelFolder: folder }] }));
    const { last } = await follow(id);
    expect(last).toMatchObject({ state: 'failed', error: { message: expect.stringContaining(folder) } });
    expect(last.measures).toEqual([expect.any(Object), null]);
  });
});
