/** `npm start`: the lab in a window where Electron's runtime is installed and there is a screen, else in the browser. */
import { abortOnInterrupt } from '../cli/interrupt.ts';
import { LabError } from '../engine/errors.ts';
import { repairDataFolder, repairWords } from '../lab/repair-data-folder.ts';
import { runInBrowser } from './browser-mode.ts';
import { electronProgram, runInWindow } from './desktop-app.ts';
import { HELP, readStartOptions, type StartOptions } from './start-options.ts';

try {
  const options = readStartOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else await start(options);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function start(options: StartOptions): Promise<void> {
  const signal = abortOnInterrupt();
  if (options.repair) process.stdout.write(`${repairWords(await repairDataFolder(options.dataFolder))}\n`);
  const program = options.inBrowser ? undefined : electronProgram();
  if (program !== undefined) {
    if (await runInWindow(program, options.dataFolder, signal)) return;
    process.stderr.write('The window could not be opened; the lab opens in the browser instead.\n');
  }
  await runInBrowser(options, signal);
}
