/** What is marked in the texts: which kinds of marks a person wants to see, and their own highlighters; remembered. */
import { z } from 'zod';
import { useRemembered } from '../../ui/use-remembered.ts';
import { highlighterSchema } from './highlighters.ts';

export const KINDS = ['repeated', 'shared', 'unique', 'parting', 'copied'] as const;
export type Kind = (typeof KINDS)[number];

const markingSchema = z.object({
  shown: z.array(z.enum(KINDS)),
  highlighters: z.array(highlighterSchema),
});
export type Marking = z.infer<typeof markingSchema>;

const USUAL: Marking = { shown: ['repeated', 'parting'], highlighters: [] };

export function useMarking() {
  return useRemembered('comparison-marks', markingSchema, USUAL);
}
