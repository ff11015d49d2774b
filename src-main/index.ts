/** The desktop app's entry: it opens the lab, then a window on it. One app works on one data folder. */
import path from 'node:path';
import { app, dialog, shell } from 'electron';
import type { Command } from '../src-preload/contract/endpoints/desktop.ts';
import { declareProtocol, servePages } from './desktop/app-protocol.ts';
import { Commands } from './desktop/commands.ts';
import { watchForCrashes } from './desktop/crashes.ts';
import { openDoor } from './desktop/lab-door.ts';
import { lockDown } from './desktop/lockdown.ts';
import { LogFile } from './desktop/log-file.ts';
import { setMenu } from './desktop/menu.ts';
import { nativeDesktop } from './desktop/native-desktop.ts';
import { openOrRepair } from './desktop/open-or-repair.ts';
import { closeBeforeQuit, quitAndStartAgain } from './desktop/orderly-quit.ts';
import { keepChromiumIn, resourcesFolder } from './desktop/places.ts';
import { keepSurroundings } from './desktop/surroundings.ts';
import { startUtilityEngine } from './desktop/utility-engine.ts';
import { showWindow } from './desktop/window.ts';
import { LabError } from './engine/errors.ts';
import { usualDataFolder } from './lab/data-folder.ts';
import { Lab } from './lab/lab.ts';

/** Where the lab's data is, unless it was moved; what belongs to this computer's screen and its mishaps stays here. */
const home = usualDataFolder();
const log = new LogFile(home);
const show = () => showWindow(path.join(home, 'window.json'));

try {
  prepare();
} catch (error) {
  fail(error);
}

/** Before Electron is ready. */
function prepare(): void {
  watchForCrashes(log);
  keepChromiumIn(home);
  // Windows shows notifications of the app that is installed under this name (electron-builder.yml).
  app.setAppUserModelId('org.hyperfit-lab.app');
  declareProtocol();
  if (app.requestSingleInstanceLock()) {
    // Not awaited: Electron becomes ready only after this module has been evaluated.
    void app.whenReady().then(start).catch(fail);
  } else {
    app.quit();
  }
}

async function start(): Promise<void> {
  lockDown();
  servePages(path.join(import.meta.dirname, '../renderer'));
  const commands = new Commands();
  const lab = await openOrRepair(home, () =>
    Lab.open({
      dataFolder: home,
      resources: resourcesFolder(),
      startEngine: (environment) =>
        startUtilityEngine(path.join(import.meta.dirname, 'engine-process.js'), environment),
      roots: [app.getPath('home')],
      version: app.getVersion(),
      desktop: nativeDesktop(commands, log.path),
      onMoved: quitAndStartAgain,
    }),
  );
  if (lab === undefined) return app.quit();
  openDoor(lab.answers, (error, endpoint) => log.write(`Error while answering "${endpoint}"`, error));
  const go = (command: Command) => {
    commands.give(command);
    show();
  };
  const endSurroundings = keepSurroundings(lab.answers, (run) => go({ run }));
  setMenu(
    {
      go: (screen) => go({ screen }),
      showDataFolder: () => void shell.openPath(lab.dataFolder),
      showLog: () => shell.showItemInFolder(log.path),
    },
    { isMac: process.platform === 'darwin', isPackaged: app.isPackaged },
  );
  show();
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => {
    // On a Mac an app lives on without a window, and what it trains goes on.
    if (process.platform !== 'darwin') app.quit();
  });
  const close = async () => {
    endSurroundings();
    await lab.close();
  };
  closeBeforeQuit(close, (error) => log.write('The lab could not close in order', error));
}

function fail(error: unknown): void {
  if (!(error instanceof LabError)) log.write('The lab could not start', error);
  dialog.showErrorBox(
    'Hyperfit Lab',
    error instanceof LabError ? error.message : `The lab could not start. The log tells more: ${log.path}`,
  );
  app.exit(1);
}
