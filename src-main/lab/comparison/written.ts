/** What was written of a comparison, as it is kept and read again, also by later versions of the lab. */
import { z } from 'zod';
import {
  type ComparisonRequest,
  comparisonRequestSchema,
  measureSchema,
  tokenTextSchema,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import { wireErrorSchema } from '../../../src-preload/contract/errors.ts';
import { LabError } from '../../engine/errors.ts';
import type { ComparisonStore, StoredComparison } from '../../store/comparison-store.ts';
import { armNumbersSchema, measureTexts, type TextNumbers } from './arm-numbers.ts';

export const outcomeSchema = z.object({
  /** Null: it is being written, or the lab ended while it was. */
  outcome: z.enum(['finished', 'stopped', 'failed']).nullable().default(null),
  error: wireErrorSchema.nullable().default(null),
  imported: z.boolean().default(false),
});
export type Outcome = z.infer<typeof outcomeSchema>;

/** Once the lab kept the value alone. */
const keptMeasureSchema = z.union([
  measureSchema,
  z.number().transform((value) => ({ value, difference: null })),
]);

export const writtenArmSchema = z.object({
  texts: z.array(tokenTextSchema),
  /** Null before all texts are complete. */
  measures: z.record(z.string(), keptMeasureSchema).nullable(),
  /** What the measures are made of; null where it was not kept. */
  numbers: armNumbersSchema.nullable().default(null),
});
export type WrittenArm = z.infer<typeof writtenArmSchema>;

export interface KeptComparison extends Outcome {
  readonly id: number;
  readonly name: string;
  readonly created: string;
  readonly request: ComparisonRequest;
}

export function nothingWritten(prompts: number): WrittenArm {
  const empty = () => ({ tokens: [], pieces: [], depths: [] });
  return { texts: Array.from({ length: prompts }, empty), measures: null, numbers: null };
}

export function toKept({ id, name, created, request, result }: StoredComparison): KeptComparison {
  return {
    id,
    name,
    created,
    request: comparisonRequestSchema.parse(request),
    ...outcomeSchema.parse(result ?? {}),
  };
}

/** What is measured of each text by itself, also of an arm that is not complete. */
export function textNumbersOf({ texts, numbers }: WrittenArm): TextNumbers {
  return numbers?.texts ?? measureTexts(texts.map(({ tokens }) => tokens));
}

/** @throws LabError 'bad-argument' where there is none */
export function findKept(store: ComparisonStore, id: number): KeptComparison {
  const stored = store.find(id);
  if (stored === undefined)
    throw new LabError('bad-argument', 'There is no such comparison any more.', { comparison: id });
  return toKept(stored);
}

export function readArm(store: ComparisonStore, { id, request }: KeptComparison, place: number): WrittenArm {
  const stored = store.arm(id, place);
  return stored === undefined ? nothingWritten(request.prompts.length) : writtenArmSchema.parse(stored);
}

/** All arms, in small turns: large ones take a while to be read, and the lab has others to answer. */
export async function readArms(store: ComparisonStore, kept: KeptComparison): Promise<WrittenArm[]> {
  const arms: WrittenArm[] = [];
  for (const place of kept.request.arms.keys()) {
    arms.push(readArm(store, kept, place));
    await new Promise(setImmediate);
  }
  return arms;
}
