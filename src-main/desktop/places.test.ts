import path from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('electron', () => import('./electron.fake.ts'));
const { app, fake } = await import('./electron.fake.ts');
const { resourcesFolder } = await import('./places.ts');

beforeEach(() => fake.reset());

it('finds what is delivered beside the sources, and in an installed app beside its archive', () => {
  expect(resourcesFolder()).toBe(path.join(app.getAppPath(), 'resources'));
  Object.defineProperty(process, 'resourcesPath', { value: '/opt/lab/resources', configurable: true });
  app.isPackaged = true;
  expect(resourcesFolder()).toBe(path.join('/opt/lab/resources', 'resources'));
});
