import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('electron', () => import('./electron.fake.ts'));
const { fake } = await import('./electron.fake.ts');
const { startUtilityEngine } = await import('./utility-engine.ts');

beforeEach(() => fake.reset());

it('carries messages both ways, and can be ended', () => {
  const engine = startUtilityEngine('/app/out/main/engine-process.js');
  const [child] = fake.engines;
  const heard: unknown[] = [];
  engine.onMessage((message) => heard.push(message));
  engine.send({ kind: 'stop' });
  child?.emit('message', { kind: 'done', result: 1 });
  engine.kill();
  expect(child?.entry).toBe('/app/out/main/engine-process.js');
  expect(child?.received).toEqual([{ kind: 'stop' }]);
  expect(heard).toEqual([{ kind: 'done', result: 1 }]);
  expect(child?.isKilled).toBe(true);
  expect(engine.name).toBe('pid 4711');
});

it.skipIf(process.platform === 'win32').each([
  [0, null],
  [1, null],
  [9, 'SIGKILL'],
  [128 + 6, 'SIGABRT'],
  [128 + 11, 'SIGSEGV'],
])('tells of code %i by which signal the engine ended: %s', (code, signal) => {
  const ends: unknown[] = [];
  startUtilityEngine('/engine.js').onExit((...end) => ends.push(end));
  fake.engines[0]?.emit('exit', code);
  expect(ends).toEqual([[code, signal]]);
});
