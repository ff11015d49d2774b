/** Where the lab keeps its things, and how they move to another disk. */
import { z } from 'zod';
import { channel, rpc } from '../endpoint.ts';
import { bytes, nothing } from './common.ts';

const dataFolderSchema = z.object({
  folder: z.string(),
  /** Room that it takes: what runs have written, the database with its copies, the rest. */
  bytes: z.object({ runs: bytes, database: bytes, other: bytes }),
});

export const dataFolderContract = {
  'dataFolder.describe': rpc(nothing, dataFolderSchema),
  /**
   * Copies all to a folder that is empty or not there, checks the copy and goes on in it; the old one stays until then, and
   * goes only if asked for. Refused while runs are computed. After the last packet the lab opens itself anew.
   */
  'dataFolder.move': channel(
    z.object({ to: z.string().min(1), removeOld: z.boolean() }),
    z.object({ phase: z.enum(['copying', 'checking', 'done']), share: z.number().min(0).max(1) }),
    (input) => input,
  ),
};
