import type { MenuItemConstructorOptions } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { screenSchema } from '../../src-preload/contract/endpoints/desktop.ts';

vi.mock('electron', () => import('./electron.fake.ts'));
const { fake } = await import('./electron.fake.ts');
const { setMenu } = await import('./menu.ts');

const went: string[] = [];
const actions = {
  go: (screen: string) => went.push(screen),
  showDataFolder: () => went.push('data folder'),
  showLog: () => went.push('log'),
};
beforeEach(() => {
  fake.reset();
  went.length = 0;
});

/** All items of the menu, those of submenus too. */
function items(menu: readonly MenuItemConstructorOptions[] = fake.menu): MenuItemConstructorOptions[] {
  return menu.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])]);
}

/** As a person presses a shortcut. */
function press(accelerator: string): void {
  const [item] = items().filter((one) => one.accelerator === accelerator);
  item?.click?.({} as never, undefined, {});
}

describe.each([
  ['a Mac', true],
  ['other systems', false],
])('on %s', (_system, isMac) => {
  beforeEach(() => setMenu(actions, { isMac, isPackaged: true }));

  it('has a shortcut for every screen, in the order of their numbers', () => {
    for (let number = 1; number <= 8; number++) press(`CmdOrCtrl+${number}`);
    expect(went).toEqual(screenSchema.options);
  });

  it('has shortcuts for a new run, the settings and the data folder', () => {
    for (const shortcut of ['CmdOrCtrl+N', 'CmdOrCtrl+,', 'CmdOrCtrl+Shift+O']) press(shortcut);
    expect(went).toEqual(['hyperfit', 'settings', 'data folder']);
  });

  it('gives no shortcut to two items', () => {
    const shortcuts = items().flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(shortcuts).size).toBe(shortcuts.length);
  });

  it('lets one copy, paste, zoom and quit', () => {
    const roles = items().map(({ role }) => role);
    expect(roles).toEqual(expect.arrayContaining(['editMenu', 'zoomIn', 'quit']));
    expect(roles.includes('appMenu')).toBe(isMac);
  });
});

it('has the developer tools only where the app is being worked on', () => {
  setMenu(actions, { isMac: false, isPackaged: true });
  expect(items().some(({ role }) => role === 'toggleDevTools')).toBe(false);
  setMenu(actions, { isMac: false, isPackaged: false });
  expect(items().some(({ role }) => role === 'toggleDevTools')).toBe(true);
});
