/** For tests: the pack that the environment names, as continuous integration does, or why there is none. */
import { findPack, type TensorFlowPack } from './pack.ts';

const found = await findPack({
  packs: process.env.HYPERFIT_LAB_PACKS,
  own: process.env.HYPERFIT_TFJS_NODE,
}).then(
  (pack): [TensorFlowPack, undefined] => [pack, undefined],
  (error): [undefined, string] => [undefined, error.message],
);
export const [packHere, whyNoPack] = found;
