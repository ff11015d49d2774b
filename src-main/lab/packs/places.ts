/** Where runtime packs lie on this computer, for all that computes: engines, the command line, the lab. */
import path from 'node:path';
import type { PackPlaces } from '../../engine/runtimes/tensorflow/pack.ts';
import { placeOf, usualDataFolder } from '../data-folder.ts';

/** The lab tells its engines by this variable; a person may set it to keep packs in another place. */
export const PACKS_VARIABLE = 'HYPERFIT_LAB_PACKS';
/** The folder of a @tensorflow/tfjs-node that works on this computer already. */
const OWN_VARIABLE = 'HYPERFIT_TFJS_NODE';

/** @param dataFolder of the lab that is open; the usual one if not said */
export function packPlaces(dataFolder?: string): PackPlaces & { readonly packs: string } {
  const { [PACKS_VARIABLE]: packs, [OWN_VARIABLE]: own } = process.env;
  return {
    packs: packs ? path.resolve(packs) : path.join(dataFolder ?? placeOf(usualDataFolder()), 'packs'),
    own: own ? path.resolve(own) : undefined,
  };
}
