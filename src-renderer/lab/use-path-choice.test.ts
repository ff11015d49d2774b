import { beforeEach, expect, it, vi } from 'vitest';

const answers = { dialogs: true, path: null as string | null };
vi.mock('./lab.ts', () => ({
  lab: {
    call: async (name: string) =>
      name === 'desktop.choose' ? { path: answers.path } : { dialogs: answers.dialogs },
  },
}));
const { usePathChoice } = await import('./use-path-choice.ts');

const taken: string[] = [];
const take = async (path: string) => {
  if (path === '/bad') throw new Error('This is no model.');
  taken.push(path);
};
beforeEach(() => {
  taken.length = 0;
});

it("takes what is chosen in the system's dialog, and nothing where it is closed", async () => {
  Object.assign(answers, { dialogs: true, path: '/models/tiny' });
  const { choose, isPicking } = usePathChoice('model', take);
  await choose();
  answers.path = null;
  await choose();
  expect(taken).toEqual(['/models/tiny']);
  expect(isPicking.value).toBe(false);
});

it("shows the lab's own picker where there is no dialog, until something was taken", async () => {
  answers.dialogs = false;
  const choice = usePathChoice('text', take);
  await choice.choose();
  expect(choice.isPicking.value).toBe(true);
  await choice.take('/bad');
  expect(choice.problem.value).toBe('This is no model.');
  expect(choice.isPicking.value).toBe(true);
  await choice.take('/texts/sea.txt');
  expect(choice.problem.value).toBe('');
  expect(choice.isPicking.value).toBe(false);
  expect(taken).toEqual(['/texts/sea.txt']);
});
