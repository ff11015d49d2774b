/** Runtimes that do not come with the lab and are fetched on request: TensorFlow, for the processor or for CUDA. */
import { z } from 'zod';
import { channel, rpc, signal } from '../endpoint.ts';
import { bytes, nothing } from './common.ts';

export const packDeviceSchema = z.enum(['cpu', 'gpu']);
export type PackDevice = z.infer<typeof packDeviceSchema>;

export const packsSchema = z.object({
  /** What can be installed on this system; nothing where TensorFlow has no library for it. */
  offers: z.array(
    z.object({
      device: packDeviceSchema,
      downloadBytes: bytes,
      /** About. */
      diskBytes: bytes,
      /** Whether the authors have computed with it on such a computer. */
      isTried: z.boolean(),
      isInstalled: z.boolean(),
    }),
  ),
  /** Where it is fetched from: "pypi.org", or this computer's own package index. */
  source: z.string(),
  /** Why nothing can be installed here and what to do instead; null where something can. */
  advice: z.string().nullable(),
  /** What "tensorflow" computes with now: one of the packs, or a tfjs-node that a person has installed; null: with nothing. */
  inUse: z.enum(['cpu', 'gpu', 'own']).nullable(),
  /** Why what is there cannot be used. */
  problem: z.string().nullable(),
});
export type Packs = z.infer<typeof packsSchema>;

export const installStageSchema = z.enum([
  'checking',
  'downloading',
  'unpacking',
  'binding',
  'saving',
  'done',
]);
export type InstallStage = z.infer<typeof installStageSchema>;

export const packsContract = {
  packs: signal(packsSchema),
  /**
   * Fetches, checks and puts together; cancelled, it keeps what was downloaded for the next time. What is there and whole
   * stays as it is.
   */
  'packs.install': channel(
    z.object({ device: packDeviceSchema }),
    z.object({ stage: installStageSchema, share: z.number().min(0).max(1) }),
    (input) => input,
  ),
  'packs.remove': rpc(z.object({ device: packDeviceSchema }), nothing),
};
