/** The application's menu, with the shortcuts that stand beside its items. */
import { Menu, type MenuItemConstructorOptions } from 'electron';
import { SCREEN_TITLES, type Screen, screenSchema } from '../../src-preload/contract/endpoints/desktop.ts';

export interface MenuActions {
  go(screen: Screen): void;
  showDataFolder(): void;
  showLog(): void;
}

export interface MenuSurroundings {
  readonly isMac: boolean;
  /** An installed app; one that is being worked on has the developer tools too. */
  readonly isPackaged: boolean;
}

export function setMenu(actions: MenuActions, surroundings: MenuSurroundings): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, surroundings)));
}

function menuTemplate(
  { go, showDataFolder, showLog }: MenuActions,
  { isMac, isPackaged }: MenuSurroundings,
): MenuItemConstructorOptions[] {
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const settings: MenuItemConstructorOptions[] = [
    { label: 'Settings…', accelerator: 'CmdOrCtrl+,', click: () => go('settings') },
    line,
  ];
  const appMenu: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      line,
      ...settings,
      { role: 'services' },
      line,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      line,
      { role: 'quit' },
    ],
  };
  const developing: MenuItemConstructorOptions[] = isPackaged ? [] : [{ role: 'toggleDevTools' }];
  return [
    ...(isMac ? [appMenu] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New run', accelerator: 'CmdOrCtrl+N', click: () => go('hyperfit') },
        { label: 'Open data folder', accelerator: 'CmdOrCtrl+Shift+O', click: () => showDataFolder() },
        line,
        ...(isMac ? [] : settings),
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&Go',
      submenu: screenSchema.options.map((screen, index) => ({
        label: SCREEN_TITLES[screen],
        accelerator: `CmdOrCtrl+${index + 1}`,
        click: () => go(screen),
      })),
    },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        line,
        { role: 'togglefullscreen' },
        { role: 'reload' },
        ...developing,
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ label: 'Show the log file', click: () => showLog() }] },
  ];
}
