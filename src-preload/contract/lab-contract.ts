/** All that the page may ask of the lab. */
import { z } from 'zod';
import { channel, rpc, signal, writableSignal } from './endpoint.ts';
import {
  armSchema,
  armTextsSchema,
  epochSchema,
  folderListSchema,
  jobSchema,
  modelSchema,
  namedRecipeSchema,
  previewSchema,
  recipeSchema,
  runRequestSchema,
  runSchema,
  settingsSchema,
  stepSchema,
  textFileSchema,
} from './shapes.ts';

const nothing = z.null();
const run = z.object({ run: z.number().int() });

export const labContract = {
  about: rpc(
    nothing,
    z.object({ version: z.string(), dataFolder: z.string(), beginnings: z.array(z.string()) }),
  ),

  'models.list': rpc(nothing, z.array(modelSchema)),
  /** Refuses what the lab cannot compute. */
  'models.add': rpc(z.object({ folder: z.string() }), modelSchema),
  /** Forgets it; the folder stays. */
  'models.remove': rpc(z.object({ folder: z.string() }), nothing),

  'texts.list': rpc(nothing, z.array(textFileSchema)),
  'texts.add': rpc(z.object({ file: z.string() }), textFileSchema),
  'texts.remove': rpc(z.object({ file: z.string() }), nothing),

  /** Cancelled where a newer question makes it needless. */
  'texts.preview': rpc(
    z.object({ modelFolder: z.string(), dataFile: z.string(), recipe: recipeSchema }),
    previewSchema,
  ),

  'recipes.list': rpc(nothing, z.array(namedRecipeSchema)),

  /** Newest first; changes whenever a run does. */
  runs: signal(z.array(runSchema)),
  'runs.start': rpc(runRequestSchema, run),
  /** Keeps a checkpoint and ends the process, which frees its memory. */
  'runs.pause': rpc(run, nothing),
  'runs.resume': rpc(run, nothing),
  /** With its folder. */
  'runs.remove': rpc(run, nothing),
  /** The numbers of a run from the beginning, then as they come; never ends by itself. */
  'runs.follow': channel(
    run.extend({ afterStep: z.number().int(), afterEpoch: z.number().int() }),
    z.object({ steps: z.array(stepSchema), epochs: z.array(epochSchema) }),
    (input, { steps, epochs }) => ({
      ...input,
      afterStep: steps.at(-1)?.step ?? input.afterStep,
      afterEpoch: epochs.at(-1)?.epoch ?? input.afterEpoch,
    }),
  ),

  /** Continues each prompt by each arm; the last packet has the texts. */
  'texts.write': channel(
    z.object({
      arms: z.array(armSchema).min(1),
      prompts: z.array(z.string().min(1)).min(1),
      maxNewTokens: z.number().int().positive(),
    }),
    z.object({ share: z.number(), arms: z.array(armTextsSchema).nullable() }),
    (input) => input,
  ),

  /** What is being computed, and what waits for it. */
  jobs: signal(z.array(jobSchema)),
  /** Folders below those that the lab may look into, for choosing models and texts where there is no dialog. */
  'folders.list': rpc(z.object({ folder: z.string().nullable() }), folderListSchema),
  settings: writableSignal(settingsSchema),
};
export type LabContract = typeof labContract;
