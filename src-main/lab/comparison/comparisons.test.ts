/** Comparisons with real engine processes: streamed, stopped, kept, and in turn with training. */
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GREEDY } from '../../engine/generation/decoding.ts';
import { findRecipe } from '../../engine/training/recipe.ts';
import { MOVE_ARMS } from '../../store/migrations/fourth.ts';
import { compare } from './compare.ts';
import {
  ADAPTER,
  after,
  before,
  ComparingLab,
  forever,
  hasText,
  MODEL,
  request,
} from './comparing-lab.fake.ts';

let lab: ComparingLab;
beforeEach(async () => {
  lab = await ComparingLab.open();
});
afterEach(() => lab.close());

describe('comparisons', () => {
  it('may be of one model twice, in full and with weights in less room, and tells how far they agree', async () => {
    const [before] = request().arms;
    const small = { ...before!, name: 'Before, 8-bit weights', weights: '8-bit' as const };
    const id = await lab.start(request({ arms: [before!, small, before!], maxNewTokens: 40 }));
    const { texts, last } = await lab.follow(id);
    expect(last).toMatchObject({ state: 'finished', error: null });
    expect(lab.find(id)?.request.arms[1]).toMatchObject({ weights: '8-bit' });
    const [full, less, again] = last.measures.map((measures) => measures?.sameTokens?.value);
    expect([full, again]).toEqual([1, 1]);
    expect(less).toBeGreaterThan(0.1);
    expect(texts[2]).toEqual(texts[0]);
  });

  it('tells the texts bit by bit; together they are what the command line writes', async () => {
    const asked = request({ maxNewTokens: 400 });
    const id = await lab.start(asked);
    const { packets, texts, last } = await lab.follow(id);
    expect(last).toMatchObject({ state: 'finished', share: 1, error: null });
    const withText = packets.filter(hasText);
    expect(withText.length).toBeGreaterThan(2);
    const whole = await compare({
      arms: [null, ADAPTER].map((adapter) => ({
        ...{ name: '', model: MODEL, adapter, decoding: GREEDY },
        weights: 'float32' as const,
      })),
      prompts: asked.prompts,
      maxNewTokens: asked.maxNewTokens,
      ...{ seed: 1, runtime: 'cpu', atEnd: 'forbid' },
    });
    for (const [place, arm] of whole.arms.entries()) {
      expect(texts[place]).toEqual(arm.texts.map((text) => ({ ...text, depths: text.depths })));
      expect(last.measures[place]).toMatchObject(arm.measures);
    }
    // Whoever comes later, or comes back, sees the same.
    expect((await lab.follow(id)).texts).toEqual(texts);
  });

  it('writes the next one in the same process, and after a kill in another', async () => {
    await lab.follow(await lab.start(request()));
    await lab.follow(await lab.start(request({ arms: [after, before] })));
    expect(lab.engines).toHaveLength(1);
    const killed = await lab.start(request({ maxNewTokens: 4000 }));
    await lab.follow(killed, hasText);
    process.kill(Number(lab.engines[0]!.name.replace('pid ', '')), 'SIGKILL');
    expect((await lab.follow(killed)).last).toMatchObject({
      state: 'failed',
      error: { code: 'engine-lost' },
    });
    expect((await lab.follow(await lab.start(request()))).last.state).toBe('finished');
    expect(lab.engines).toHaveLength(2);
  });

  it('keeps what is written when it is stopped, and writes on in the same process', async () => {
    const id = await lab.start(request({ maxNewTokens: 4000 }));
    await lab.follow(id, hasText);
    await lab.stop(id);
    expect(lab.find(id)?.state).toBe('stopped');
    const kept = await lab.follow(id);
    expect(kept.last).toMatchObject({ state: 'stopped', error: null, measures: [null, null] });
    expect(kept.last.share).toBeLessThan(1);
    expect(kept.texts[0]![0]!.tokens.length).toBeGreaterThan(0);
    expect((await lab.follow(await lab.start(request()))).last.state).toBe('finished');
    expect(lab.engines).toHaveLength(1);
  });

  it('keeps what is written when the lab closes, and what a killed lab had complete', async () => {
    const closed = await lab.start(request({ maxNewTokens: 4000 }));
    await lab.follow(closed, hasText);
    await lab.reopen();
    expect(lab.find(closed)?.state).toBe('stopped');
    expect((await lab.follow(closed)).texts[0]![0]!.tokens.length).toBeGreaterThan(0);
    lab.database.exec(`UPDATE comparisons SET result_json = json_set(result_json, '$.outcome', NULL)`);
    expect(lab.find(closed)?.state).toBe('stopped');
  });

  it('lets training have its turn between two arms', async () => {
    await lab.writeText();
    const id = await lab.start(request({ maxNewTokens: 600 }));
    await lab.follow(id, ({ state }) => state === 'writing');
    const { settings } = findRecipe('quick');
    const order: string[] = [];
    const training = lab.supervisor.submit(
      {
        ...{
          kind: 'hyperfit',
          model: MODEL,
          data: lab.text,
          recipeName: null,
          runtime: 'cpu',
          resume: false,
        },
        recipe: { ...settings, epochs: 1, windows: 4, windowLength: 16, batch: 2, samples: 0 },
        out: path.join(lab.folder, 'run'),
      },
      { onStart: () => order.push(...(lab.supervisor.status().map(({ kind }) => kind) as string[])) },
    );
    await training.done;
    const { last, packets } = await lab.follow(id);
    expect(order[0]).toBe('hyperfit');
    expect(packets[0]?.measures).toEqual([expect.any(Object), null]);
    expect(last.state).toBe('finished');
    expect(lab.engines).toHaveLength(3);
  });

  it('is listed, renamed and removed, and refuses what it does not have', async () => {
    const id = await lab.start(request());
    await lab.follow(id);
    lab.comparisons.answers['comparisons.rename']({ comparison: id, name: 'The sea' }, forever);
    expect(lab.find(id)).toMatchObject({
      name: 'The sea',
      request: { prompts: ['the sea', 'a boat and', 'I'] },
    });
    await lab.comparisons.answers['comparisons.remove']({ comparison: id }, forever);
    expect(lab.comparisons.answers.comparisons.read()).toEqual([]);
    await expect(lab.follow(id)).rejects.toThrow('no such comparison');
    const checkpoint = { step: 3, epoch: 1 };
    await expect(lab.start(request({ arms: [{ ...after, run: 8 }] }))).rejects.toThrow('not finished');
    await expect(lab.start(request({ arms: [{ ...after, checkpoint }] }))).rejects.toThrow('kept nothing');
    expect(lab.comparisons.answers.comparisons.read()).toEqual([]);
  });

  it('says what kept it from writing', async () => {
    const id = await lab.start(request({ arms: [before, { ...before, modelFolder: lab.folder }] }));
    const { last } = await lab.follow(id);
    expect(last).toMatchObject({ state: 'failed', error: { message: expect.stringContaining(lab.folder) } });
    expect(last.measures).toEqual([expect.any(Object), null]);
  });

  it('goes on where it was stopped: what was complete stays, the rest is what it would have been', async () => {
    const whole = await lab.follow(await lab.start(request({ maxNewTokens: 400 })));
    const id = await lab.start(request({ maxNewTokens: 400 }));
    await lab.follow(id, ({ measures }) => measures[0] !== null);
    await lab.stop(id);
    await lab.comparisons.answers['comparisons.resume']({ comparison: id }, forever);
    const resumed = await lab.follow(id);
    expect(resumed.last).toMatchObject({ state: 'finished', share: 1 });
    expect(resumed.texts).toEqual(whole.texts);
    expect(resumed.last.measures).toEqual(whole.last.measures);
    await expect(lab.comparisons.answers['comparisons.resume']({ comparison: id }, forever)).rejects.toThrow(
      'All arms are complete',
    );
  });

  it('takes another arm, and leaves the others as they are', async () => {
    const id = await lab.start(request());
    const first = await lab.follow(id);
    const rows = () =>
      lab.database.prepare('SELECT rowid, written_json FROM comparison_arms WHERE place < 2').all();
    const kept = rows();
    const arm = { ...after, name: 'After, by chance', decoding: { ...GREEDY, strategy: 'sample' as const } };
    await lab.comparisons.answers['comparisons.addArm']({ comparison: id, arm }, forever);
    expect(lab.find(id)?.request.arms.map(({ name }) => name)).toEqual(['Before', 'After', arm.name]);
    const more = await lab.follow(id);
    expect(more.last).toMatchObject({ state: 'finished', measures: [...first.last.measures, {}] });
    expect(more.texts.slice(0, 2)).toEqual(first.texts);
    expect(more.texts[2]).not.toEqual(more.texts[1]);
    expect(rows()).toEqual(kept);
    expect(lab.engines).toHaveLength(1);
  });

  it('takes other arms while it is written, also two at once', async () => {
    const id = await lab.start(request({ maxNewTokens: 400 }));
    await lab.follow(id, hasText);
    const add = (name: string) =>
      lab.comparisons.answers['comparisons.addArm']({ comparison: id, arm: { ...before, name } }, forever);
    await Promise.all([add('Again'), add('And again')]);
    const { last, texts } = await lab.follow(id);
    expect(last).toMatchObject({ state: 'finished', measures: [{}, {}, {}, {}] });
    expect(texts[2]).toEqual(texts[0]);
    expect(texts[3]).toEqual(texts[0]);
    expect(lab.find(id)?.request.arms).toHaveLength(4);
  });

  it('is measured with the text of its first run: what all arms copy, and what they make of what was held out', async () => {
    await lab.writeText();
    const { last } = await lab.follow(await lab.start(request({ prompts: ['the quick', 'seven wise'] })));
    expect(last.notes).toEqual([]);
    expect(last.overlaps).toHaveLength(2);
    for (const overlaps of last.overlaps) expect(overlaps).toHaveLength(2);
    const [base, tuned] = last.measures;
    for (const name of ['perplexity', 'entropy', 'topOneAgreement', 'meanOverlap', 'maxOverlap'])
      expect(base).toHaveProperty(name);
    expect(base!.topOneAgreement).toEqual({ value: 1, difference: null });
    expect(tuned!.topOneAgreement!.value).toBeLessThan(1);
    const { value, low, high } = tuned!.perplexity!.difference!;
    expect(value).toBeCloseTo(tuned!.perplexity!.value - base!.perplexity!.value, 9);
    expect(low <= value && value <= high).toBe(true);
  });

  it('says what it cannot measure where the text is gone, and refuses to block what it does not know', async () => {
    const blocking = { ...after, decoding: { ...GREEDY, citationBlocker: true } };
    const { last } = await lab.follow(await lab.start(request()));
    expect(last.overlaps).toEqual([null, null]);
    expect(last.measures[1]).not.toHaveProperty('perplexity');
    expect(last.notes).toEqual([expect.stringContaining(lab.text)]);
    await expect(lab.start(request({ arms: [before, blocking] }))).rejects.toThrow(`${lab.text} is gone`);
    const alone = { ...blocking, run: null };
    await expect(lab.start(request({ arms: [alone] }))).rejects.toThrow('no run stands among the arms');
    const plain = await lab.follow(await lab.start(request({ arms: [before] })));
    expect(plain.last.notes).toEqual([expect.stringContaining('No arm comes from a run')]);
    await lab.writeText();
    const blocked = await lab.follow(await lab.start(request({ arms: [before, blocking] })));
    expect(blocked.last.state).toBe('finished');
  });

  it('of an earlier version of the lab is shown with what it had', async () => {
    const text = { tokens: [1, 2], pieces: ['a', 'b'], depths: [0, 0] };
    const { arms, prompts, maxNewTokens } = request({ prompts: ['the sea'] });
    const old = arms.map(({ decoding: _, ...arm }) => arm);
    lab.database
      .prepare(
        'INSERT INTO comparisons (id, name, request_json, result_json, created) VALUES (?, ?, ?, ?, ?)',
      )
      .run(
        9,
        'Old',
        JSON.stringify({ arms: old, prompts, maxNewTokens }),
        JSON.stringify({
          outcome: 'finished',
          error: null,
          arms: old.map(() => ({ texts: [text], measures: { ttr: 0.5, tokens: 2 } })),
        }),
        new Date().toISOString(),
      );
    lab.database.exec(MOVE_ARMS);
    const { last, texts } = await lab.follow(9);
    expect(texts).toEqual([[text], [text]]);
    expect(last).toMatchObject({ state: 'finished', overlaps: [null, null] });
    expect(last.measures[1]).toEqual({
      ttr: { value: 0.5, difference: null },
      tokens: { value: 2, difference: null },
    });
    expect(last.notes).toEqual([expect.stringContaining('earlier version')]);
    expect(lab.find(9)?.request).toMatchObject({ seed: 1, references: [], arms: [{ decoding: GREEDY }, {}] });
  });
});
