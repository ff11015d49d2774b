import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('electron', () => import('./electron.fake.ts'));
const { app, fake } = await import('./electron.fake.ts');
const { closeBeforeQuit, quitAndStartAgain } = await import('./orderly-quit.ts');

beforeEach(() => fake.reset());

const fail = (error: unknown) => {
  throw error;
};

it('closes first, once, and then quits', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let closings = 0;
  closeBeforeQuit(() => {
    closings++;
    return promise;
  }, fail);
  app.quit();
  app.quit();
  expect({ closings, quits: fake.quits }).toEqual({ closings: 1, quits: 0 });
  resolve();
  await vi.waitFor(() => expect(fake.quits).toBe(1));
  expect(closings).toBe(1);
});

it('quits where closing failed, too, and tells why', async () => {
  const told: unknown[] = [];
  const error = new Error('the disk is gone');
  closeBeforeQuit(
    () => Promise.reject(error),
    (problem) => told.push(problem),
  );
  app.quit();
  await vi.waitFor(() => expect(fake.quits).toBe(1));
  expect(told).toEqual([error]);
});

it('starts again after it has closed, an AppImage from its file', async () => {
  closeBeforeQuit(() => Promise.resolve(), fail);
  vi.stubEnv('APPIMAGE', '/apps/lab.AppImage');
  quitAndStartAgain();
  vi.unstubAllEnvs();
  expect(fake.relaunches).toEqual([{ execPath: '/apps/lab.AppImage' }]);
  await vi.waitFor(() => expect(fake.quits).toBe(1));
});
