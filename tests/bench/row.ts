/**
 * What a row of the comparison is: a title and its contenders, which take turns, round after round. It is plain data, so that what
 * was measured can be kept with what was asked.
 */
import { z } from 'zod';
import { PRODUCTS } from '../../src-main/engine/runtimes/runtime.ts';
import { type Measurement, measurementSchema } from './measurement.ts';

/** One way to run a contender: words that its process is given besides. Of several, the fastest of the first round goes on. */
const variantSchema = z.object({
  name: z.string(),
  options: z.record(z.string(), z.union([z.string(), z.boolean()])),
});
export type Variant = z.infer<typeof variantSchema>;

const contenderSchema = z.object({
  name: z.string(),
  /**
   * "ours" comes once in a row, or once exact and once with rounded products; a "peer" is compared with that which computes them as
   * it does. A "ceiling" is how fast products alone are here. A "point" is ours too, at one place of a slope.
   */
  role: z.enum(['ours', 'peer', 'ceiling', 'point']),
  program: z.enum(['lab', 'torch', 'llama.cpp']),
  /** What it computes with: a runtime of the lab; for torch "cpu" or "cuda". */
  computes: z.string(),
  /** What it computes large products in; float32 if not said. "bfloat16" rounds: torch by its autocast. */
  products: z.enum(PRODUCTS).optional(),
  measurement: measurementSchema,
  variants: z.array(variantSchema),
  /** Of a point: how many blocks, windows, or words. */
  x: z.number().optional(),
});
export type Contender = z.infer<typeof contenderSchema>;

export const rowSchema = z.object({
  /** What --only asks for. */
  id: z.string(),
  /** What --size asks for; none where the row has models of its own. */
  size: z.string().optional(),
  title: z.string(),
  contenders: z.array(contenderSchema),
  /** Of a slope: what x counts. */
  unit: z.string().optional(),
});
export type Row = z.infer<typeof rowSchema>;

/** Of a contender that is run in one way. */
export const PLAIN: readonly Variant[] = [{ name: '', options: {} }];

export function contender(
  [role, program, computes]: readonly [Contender['role'], Contender['program'], string],
  name: string,
  measurement: Measurement,
  variants: readonly Variant[] = PLAIN,
): Contender {
  return { name, role, program, computes, measurement, variants: [...variants] };
}
