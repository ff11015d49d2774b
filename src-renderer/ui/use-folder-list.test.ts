import { beforeEach, expect, it, vi } from 'vitest';

const waiting: ((folder: string) => void)[] = [];
vi.mock('../lab/lab.ts', () => ({
  lab: {
    call: (_: string, { folder }: { folder: string | null }) =>
      new Promise((resolve, reject) => {
        if (folder === '/gone') reject(new Error('There is no folder /gone.'));
        waiting.push((found) => resolve({ folder: found, parent: null, entries: [] }));
      }),
  },
}));
beforeEach(() => {
  waiting.length = 0;
});
const { useFolderList } = await import('./use-folder-list.ts');

it('names the folder that is looked into', async () => {
  const { list, typed, go } = useFolderList();
  const going = go(null);
  waiting.pop()!('/home/ada');
  await going;
  expect(list.value?.folder).toBe('/home/ada');
  expect(typed.value).toBe('/home/ada');
});

it('leaves what was typed while it looked', async () => {
  const { list, typed, go } = useFolderList();
  const going = go(null);
  typed.value = '/models/tiny';
  waiting.pop()!('/home/ada');
  await going;
  expect(list.value?.folder).toBe('/home/ada');
  expect(typed.value).toBe('/models/tiny');
});

it('shows the folder asked for last, whichever answer comes first', async () => {
  const { list, go } = useFolderList();
  const going = [go('/a'), go('/b')];
  waiting[1]!('/b');
  waiting[0]!('/a');
  await Promise.all(going);
  expect(list.value?.folder).toBe('/b');
});

it('looks elsewhere where the folder of last time is gone, and says nothing of it', async () => {
  const { list, typed, problem, go } = useFolderList();
  const going = go('/gone', null);
  typed.value = '/models/tiny';
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  waiting[1]!('/home/ada');
  await going;
  expect(list.value?.folder).toBe('/home/ada');
  expect(typed.value).toBe('/models/tiny');
  expect(problem.value).toBe('');
});

it('says why a folder cannot be shown, and keeps the one that was', async () => {
  const { list, problem, go } = useFolderList();
  await go('/gone');
  expect(list.value).toBeUndefined();
  expect(problem.value).toBe('There is no folder /gone.');
});
