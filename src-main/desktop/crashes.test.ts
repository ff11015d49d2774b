import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

vi.mock('electron', () => import('./electron.fake.ts'));
const { app, fake, WebContents } = await import('./electron.fake.ts');
const { watchForCrashes } = await import('./crashes.ts');
const { LogFile } = await import('./log-file.ts');

let log: InstanceType<typeof LogFile>;
let handlers: Map<string, (problem: unknown) => void>;
beforeEach(() => {
  fake.reset();
  log = new LogFile(mkdtempSync(path.join(os.tmpdir(), 'crash-')));
  handlers = new Map();
  // The test runner has handlers of its own, that must not hear of these errors.
  vi.spyOn(process, 'on').mockImplementation((name, handler) => {
    handlers.set(String(name), handler as (problem: unknown) => void);
    return process;
  });
  watchForCrashes(log);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  rmSync(path.dirname(log.path), { recursive: true });
});

const logged = () => readFileSync(log.path, 'utf8');

it('logs an error of the lab, says once where that lies, and quits in order', () => {
  handlers.get('uncaughtException')?.(new Error('a bug'));
  handlers.get('uncaughtException')?.(new Error('another'));
  expect(logged()).toContain('a bug');
  expect(logged()).toContain('another');
  expect(fake.errorBoxes).toHaveLength(1);
  expect(fake.errorBoxes[0]?.content).toContain(log.path);
  expect(fake.quits).toBe(1);
});

it('logs a promise that nobody waited for, and goes on', () => {
  handlers.get('unhandledRejection')?.(new Error('forgotten'));
  expect(logged()).toContain('forgotten');
  expect(fake.quits).toBe(0);
});

it('loads a page again that ended, and one that ends at once again no more', () => {
  const contents = new WebContents();
  const end = () => app.emit('render-process-gone', {}, contents, { reason: 'oom', exitCode: 5 });
  end();
  expect(contents.reloads).toBe(1);
  expect(fake.errorBoxes).toHaveLength(0);
  end();
  expect(contents.reloads).toBe(1);
  expect(fake.errorBoxes[0]?.content).toContain(log.path);
  expect(logged().match(/The page ended/g)).toHaveLength(2);
});

it('loads a page again that ends hours later', () => {
  vi.useFakeTimers();
  const contents = new WebContents();
  app.emit('render-process-gone', {}, contents, { reason: 'crashed', exitCode: 1 });
  vi.advanceTimersByTime(3_600_000);
  app.emit('render-process-gone', {}, contents, { reason: 'crashed', exitCode: 1 });
  expect(contents.reloads).toBe(2);
});

it('logs the end of a process, but not of one that was done', () => {
  app.emit('child-process-gone', {}, { type: 'Utility', reason: 'clean-exit', exitCode: 0 });
  app.emit('child-process-gone', {}, { type: 'Utility', reason: 'crashed', exitCode: 139, name: 'engine' });
  expect(logged().match(/A process of the lab ended/g)).toHaveLength(1);
  expect(logged()).toContain('139');
});
