/** What "Not temperature" finds: see entropy-match.ts. */
import { z } from 'zod';
import { temperaturePictureSchema } from '../../../../src-preload/contract/temperature-picture.ts';
import { varietySchema } from '../variety.ts';

const writtenSchema = varietySchema.extend({
  way: z.enum(['base', 'base-at-temperature', 'base-by-chance', 'tuned']),
  /** Of the first prompts. */
  examples: z.array(z.string()),
});
export type Written = z.infer<typeof writtenSchema>;

export const entropyMatchResultsSchema = z.object({
  /** Of the given texts, over which all means are. */
  positions: z.number().int(),
  /** Nats. */
  entropyBase: z.number(),
  entropyTuned: z.number(),
  /** T*, and the base's mean entropy there in nats; null where no temperature gives the tuned model's. */
  temperature: z.number().nullable(),
  entropyAtTemperature: z.number().nullable(),
  /** Share of positions with the base's own first choice: of the tuned model, and of the base at T*. */
  top1Agreement: z.number(),
  top1AgreementAtTemperature: z.number().nullable(),
  /** Whether the base's greedy texts and those from z / T* are the same tokens; null: not written (yet). */
  greedyIdentical: z.boolean().nullable(),
  texts: z.number().int(),
  identicalTexts: z.number().int().nullable(),
  /** [temperature, the base's mean entropy in nats] */
  curve: z.array(z.tuple([z.number(), z.number()])),
  prompts: z.array(z.string()),
  written: z.array(writtenSchema),
  picture: temperaturePictureSchema,
});
export type EntropyMatchResults = z.infer<typeof entropyMatchResultsSchema>;
