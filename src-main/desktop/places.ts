/**
 * Where the app's things lie. All that it keeps is below the data folder that browser mode uses too: Chromium's own files as
 * well, in a folder of their own. What is delivered lies beside the archive of the app, because native code cannot read
 * from inside it.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { LabError } from '../engine/errors.ts';

/**
 * Before anything asks for a path, or for the single-instance lock, which goes with this folder.
 *
 * @throws LabError 'bad-argument' where the data folder cannot be made
 */
export function keepChromiumIn(dataFolder: string): void {
  const folder = path.join(dataFolder, 'window');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new LabError(
      'bad-argument',
      `The lab cannot keep its data in ${dataFolder}. Make that folder writable, or set HYPERFIT_LAB_HOME to another.`,
      { folder: dataFolder },
      { cause },
    );
  }
  app.setPath('userData', folder);
}

/** Of the bundled model and texts. */
export function resourcesFolder(): string {
  return path.join(app.isPackaged ? process.resourcesPath : app.getAppPath(), 'resources');
}
