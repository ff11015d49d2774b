import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('electron', () => import('./electron.fake.ts'));
const { fake } = await import('./electron.fake.ts');
const { Commands } = await import('./commands.ts');
const { nativeDesktop } = await import('./native-desktop.ts');

const desktop = nativeDesktop(new Commands(), '/data/lab.log');
beforeEach(() => fake.reset());

it('gives the folder that was chosen', async () => {
  fake.chosen.push('/models/tiny');
  expect(await desktop.choose({ title: 'Choose the folder of a model' })).toBe('/models/tiny');
  expect(fake.openDialogs[0]?.properties).toEqual(['openDirectory']);
});

it('offers files by their endings, and all others too', async () => {
  fake.chosen.push('/texts/sea.txt');
  expect(await desktop.choose({ title: 'Choose a text', endings: ['.txt', '.md'] })).toBe('/texts/sea.txt');
  expect(fake.openDialogs[0]?.properties).toEqual(['openFile']);
  expect(fake.openDialogs[0]?.filters?.map(({ extensions }) => extensions)).toEqual([['txt', 'md'], ['*']]);
});

it('tells a dialog that was closed from a choice', async () => {
  expect(await desktop.choose({ title: 'Choose' })).toBeNull();
});

it('shows a place in the file manager, and never opens what lies there', () => {
  desktop.show('/runs/sea.exe');
  expect(fake.shownInFolder).toEqual(['/runs/sea.exe']);
  expect(fake.opened).toEqual([]);
});
