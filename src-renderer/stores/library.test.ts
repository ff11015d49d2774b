import { createPinia, setActivePinia } from 'pinia';
import { expect, it, vi } from 'vitest';

const added: { folder: string }[] = [];
const waiting: (() => void)[] = [];
const ANSWERS: Readonly<Record<string, () => unknown>> = {
  'models.list': () => [...added],
  'models.add': () => added.push({ folder: '/m' }),
  'texts.list': () => [],
  'recipes.list': () => [],
  about: () => ({ beginnings: [] }),
};
vi.mock('../lab/lab.ts', () => ({
  lab: {
    call: async (name: string) => {
      const answer = ANSWERS[name]!();
      if (name === 'texts.list') await new Promise<void>((resolve) => waiting.push(resolve));
      return answer;
    },
  },
}));
const { useLibrary } = await import('./library.ts');

it('shows what was added, though an answer from before it comes last', async () => {
  setActivePinia(createPinia());
  const library = useLibrary();
  const loading = library.load();
  const adding = library.addModel('/m');
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  waiting[1]!();
  await adding;
  waiting[0]!();
  await loading;
  expect(library.models).toEqual([{ folder: '/m' }]);
});
