/** The names of this computer's graphics cards, as far as the system tells them without a driver of ours. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

const SECONDS_TO_WAIT = 10;
/** Of the PCI bus. */
const VENDORS: Readonly<Record<string, string>> = {
  '0x10de': 'NVIDIA',
  '0x1002': 'AMD',
  '0x8086': 'Intel',
  '0x5143': 'Qualcomm',
  '0x106b': 'Apple',
};
const appleSchema = z.object({ SPDisplaysDataType: z.array(z.object({ sppci_model: z.string() })) });

/** None where there is none, or where nothing is known of it. */
export async function graphicsNames(): Promise<string[]> {
  try {
    if (process.platform === 'linux') return await linuxNames();
    if (process.platform === 'darwin')
      return appleSchema
        .parse(JSON.parse(await output('system_profiler', ['SPDisplaysDataType', '-json'])))
        .SPDisplaysDataType.map(({ sppci_model }) => sppci_model);
    const names = await output('powershell', [
      '-NoProfile',
      '-Command',
      '(Get-CimInstance Win32_VideoController).Name',
    ]);
    return names.split(/\r?\n/).filter((name) => name.trim() !== '');
  } catch {
    return [];
  }
}

/** NVIDIA's driver tells the model; of others the kernel tells the maker. */
async function linuxNames(): Promise<string[]> {
  const known = '/proc/driver/nvidia/gpus';
  const models = await Promise.all(
    (await entries(known)).map(async (gpu) =>
      /^Model:\s*(.+)$/m.exec(await readFile(`${known}/${gpu}/information`, 'utf8')),
    ),
  );
  const cards = (await entries('/sys/class/drm')).filter((name) => /^card\d+$/.test(name));
  const vendors = await Promise.all(
    cards.map((card) => readFile(`/sys/class/drm/${card}/device/vendor`, 'utf8').catch(() => '')),
  );
  const others = vendors
    .map((vendor) => VENDORS[vendor.trim()])
    .filter((vendor) => vendor !== undefined && !(vendor === 'NVIDIA' && models.length > 0))
    .map((vendor) => `${vendor} graphics`);
  return [...models.map((model) => model?.[1] ?? 'NVIDIA graphics'), ...others];
}

function entries(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function output(program: string, words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, words, { timeout: SECONDS_TO_WAIT * 1000 });
  return stdout;
}
