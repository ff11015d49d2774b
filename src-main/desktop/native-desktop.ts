/** The desktop as the lab asks for it: the system's dialogs, file manager and menu. */
import { BrowserWindow, dialog, Notification, type OpenDialogOptions, shell } from 'electron';
import type { Desktop, Question } from '../lab/desktop.ts';
import type { Commands } from './commands.ts';

export function nativeDesktop(commands: Commands, logFile: string): Desktop {
  return {
    capabilities: {
      dialogs: true,
      showFolder: true,
      notifications: Notification.isSupported(),
      keepAwake: true,
      logFile,
    },
    choose: async (question) => {
      const window = BrowserWindow.getAllWindows()[0];
      const options = dialogOptions(question);
      const { canceled, filePaths } = await (window
        ? dialog.showOpenDialog(window, options)
        : dialog.showOpenDialog(options));
      return canceled ? null : (filePaths[0] ?? null);
    },
    // Never openPath: that would start a program, if the path is one.
    show: (place) => shell.showItemInFolder(place),
    commands: (signal) => commands.follow(signal),
  };
}

function dialogOptions({ title, endings }: Question): OpenDialogOptions {
  if (endings === undefined) return { title, message: title, properties: ['openDirectory'] };
  return {
    title,
    // macOS shows no title.
    message: title,
    properties: ['openFile'],
    filters: [
      { name: 'Texts', extensions: endings.map((ending) => ending.slice(1)) },
      { name: 'All files', extensions: ['*'] },
    ],
  };
}
