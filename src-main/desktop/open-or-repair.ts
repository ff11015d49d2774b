/** Opening the lab where its database may be damaged: the person is asked before it is repaired, and told what came of it. */
import { dialog } from 'electron';
import { LabError } from '../engine/errors.ts';
import { repairDataFolder, repairWords } from '../lab/repair-data-folder.ts';

const REPAIR = 0;

/**
 * @param open of the lab; is called again after a repair
 * @returns undefined where the damaged database is to stay as it is
 */
export async function openOrRepair<Opened>(
  home: string,
  open: () => Promise<Opened>,
): Promise<Opened | undefined> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof LabError && error.code === 'store-damaged')) throw error;
    if (!(await mayRepair(String(error.data.file)))) return undefined;
  }
  const repair = await repairDataFolder(home);
  const opened = await open();
  await dialog.showMessageBox({ message: "The lab's data is repaired", detail: repairWords(repair) });
  return opened;
}

async function mayRepair(file: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: "The lab's data is damaged. Repair it?",
    detail: `The damaged file is kept aside, a new one gets what can still be read, and runs come from their own folders.\n\n${file}`,
    buttons: ['Repair', 'Close the lab'],
    defaultId: REPAIR,
    cancelId: 1,
  });
  return response === REPAIR;
}
