import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run } from '../../src-preload/contract/endpoints/runs.ts';
import { type Settings, settingsSchema } from '../../src-preload/contract/endpoints/system.ts';
import { Changes } from '../lab/changes.ts';

vi.mock('electron', () => import('./electron.fake.ts'));
const { BrowserWindow, fake, nativeTheme } = await import('./electron.fake.ts');
const { keepSurroundings } = await import('./surroundings.ts');

/** A value that the test changes. */
class Source<Value> {
  value: Value;
  reads = 0;
  readonly #changes = new Changes();
  constructor(value: Value) {
    this.value = value;
  }
  read = () => {
    this.reads++;
    return this.value;
  };
  subscribe = (listener: () => void) => this.#changes.subscribe(listener);
  write = (value: Value) => {
    this.value = value;
    this.#changes.tell();
  };
}

let runs: Source<Run[]>;
let settings: Source<Settings>;
const shown: number[] = [];
let end: () => void;

const training = (share: number) =>
  ({ phase: 'training', share, secondsLeft: null, memoryBytes: null }) as const;
const one = (state: Run['state'], more: Partial<Run> = {}) =>
  ({ id: 7, name: 'Sea', state, error: null, live: null, ...more }) as Run;
/** The runs are as given now, and the desktop has had time to see it. */
function become(...now: Run[]): void {
  runs.write(now);
  vi.advanceTimersByTime(1_000);
}

beforeEach(() => {
  vi.useFakeTimers();
  fake.reset();
  shown.length = 0;
  new BrowserWindow({});
  runs = new Source<Run[]>([]);
  settings = new Source(settingsSchema.parse({}));
  end = keepSurroundings({ runs, settings }, (run) => shown.push(run));
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

describe('the taskbar', () => {
  const progress = () => fake.windows[0]?.progress;

  it('shows how far the run is, and nothing when it has ended', () => {
    become(one('running', { live: training(0.25) }));
    expect(progress()).toBe(0.25);
    become(one('finished'));
    expect(progress()).toBe(-1);
  });

  it('shows that something goes on while nobody knows how far', () => {
    become(one('running', { live: { ...training(0.9), phase: 'prefix' } }));
    expect(progress()).toBe(2);
  });
});

describe('notifications', () => {
  it.each([
    ['finished', /is done/],
    ['failed', /could not go on/],
    ['interrupted', /was interrupted/],
  ] as const)('tell once that a run is %s, and lead to it', (state, title) => {
    become(one('running'));
    become(one(state));
    become(one(state));
    expect(fake.notifications.map(({ text }) => text.title)).toEqual([expect.stringMatching(title)]);
    fake.notifications[0]?.emit('click');
    expect(shown).toEqual([7]);
  });

  it('tell the reason of a failure', () => {
    become(one('running'));
    become(
      one('failed', { error: { code: 'out-of-memory', message: 'There was too little memory.', data: {} } }),
    );
    expect(fake.notifications[0]?.text.body).toBe('There was too little memory.');
  });

  it('tell of a run that failed while it waited, and of none that was over before', () => {
    become(one('finished', { id: 1 }), one('waiting'));
    become(one('finished', { id: 1 }), one('failed'));
    expect(fake.notifications).toHaveLength(1);
  });

  it('do not tell what the person has done or sees', () => {
    become(one('running'));
    become(one('paused'));
    become(one('running'));
    fake.windows[0]?.focus();
    become(one('finished'));
    expect(fake.notifications).toHaveLength(0);
  });

  it('can be switched off', () => {
    settings.write({ ...settings.value, notifyWhenDone: false });
    become(one('running'));
    become(one('finished'));
    expect(fake.notifications).toHaveLength(0);
  });
});

describe('sleep', () => {
  it('is held off while a run is computed, by one blocker', () => {
    become(one('waiting'));
    expect(fake.blockers.size).toBe(0);
    become(one('running'));
    become(one('running'));
    expect(fake.blockers.size).toBe(1);
    become(one('finished'));
    expect(fake.blockers.size).toBe(0);
  });

  it('comes where the person wants it', () => {
    become(one('running'));
    settings.write({ ...settings.value, keepAwake: false });
    become(one('running'));
    expect(fake.blockers.size).toBe(0);
  });

  it('comes when the lab closes', () => {
    become(one('running'));
    end();
    expect(fake.blockers.size).toBe(0);
  });
});

it('makes the frame follow the theme of the page', () => {
  settings.write({ ...settings.value, theme: 'dark' });
  expect(nativeTheme.themeSource).toBe('dark');
});

it('looks at the runs once a second, however often they change', () => {
  const before = runs.reads;
  for (let change = 0; change < 100; change++) {
    runs.write([one('running')]);
    vi.advanceTimersByTime(10);
  }
  expect(runs.reads - before).toBe(1);
});

it('reads nothing any more after its end', () => {
  runs.write([one('running')]);
  end();
  const before = runs.reads;
  vi.advanceTimersByTime(5_000);
  expect(runs.reads).toBe(before);
});
