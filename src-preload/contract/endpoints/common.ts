/** Small schemas that several subjects share. */
import { z } from 'zod';

export const nothing = z.null();
export const bytes = z.number().nonnegative();
/** Finite numbers. Checked in one go, as zod's own array takes longer for a hundred thousand than all else on their way. */
export const numbers = z.custom<number[]>(
  (value) => Array.isArray(value) && value.every(Number.isFinite),
  'Finite numbers are expected',
);
export const time = z.iso.datetime();

/** What became of a move: null where it was done, else in what the new place differs from the old, and nothing was done. */
export const movedSchema = z.object({ difference: z.string().nullable() });
export type Moved = z.infer<typeof movedSchema>;
