/** Texts to train on: how each is read, and as a model will see it. */
import { z } from 'zod';
import { rpc } from '../endpoint.ts';
import { bytes, movedSchema, nothing } from './common.ts';
import { recipeSchema } from './recipes.ts';

/** Columns of a table, or fields of JSON Lines, that hold what is trained on. */
export const textColumnsSchema = z.strictObject({
  text: z.string(),
  /** What stands before the text, where the two are apart. */
  prompt: z.string().exactOptional(),
});
export type TextColumns = z.infer<typeof textColumnsSchema>;

const formatSchema = z.enum(['txt', 'jsonl', 'csv', 'parquet']);
const whole = z.number().int().nonnegative();

/** What can be wrong with a record. */
export const problemKindSchema = z.enum([
  'unreadable',
  'missing',
  'not-text',
  'unrecognized',
  'empty',
  'short',
  'duplicate',
  'odd-characters',
]);
export type ProblemKind = z.infer<typeof problemKindSchema>;

/** How a file is read: see engine/text/documents/inspect.ts for each field. */
export const inspectionSchema = z.object({
  format: formatSchema,
  encoding: z.string().nullable(),
  columns: z.array(z.string()),
  /** Null where they must be chosen. */
  textColumns: textColumnsSchema.nullable(),
  records: whole,
  /** Records with text. */
  texts: whole,
  characters: whole,
  notes: z.array(z.string()),
  /** Values in the order of the columns, cut; null where there is none. */
  preview: z.array(
    z.object({
      line: whole,
      values: z.array(z.object({ text: z.string(), characters: whole }).nullable()),
    }),
  ),
  problemCounts: z.partialRecord(problemKindSchema, whole),
  problems: z.array(
    z.object({ kind: problemKindSchema, line: whole, column: z.string().nullable(), detail: z.string() }),
  ),
  /** Why it cannot be trained on as it is; null where it can. */
  refusal: z.string().nullable(),
});
export type Inspection = z.infer<typeof inspectionSchema>;

export const textFileSchema = z.object({
  file: z.string(),
  name: z.string(),
  bundled: z.boolean(),
  /** Null where the file is gone. */
  bytes: bytes.nullable(),
  /** As a person has chosen; null: by their names. */
  columns: textColumnsSchema.nullable(),
  /** What was found when it was last looked into; null where that was never, or the file has changed since. */
  found: inspectionSchema
    .pick({ format: true, texts: true, characters: true })
    .extend({ problems: whole })
    .nullable(),
});
export type TextFile = z.infer<typeof textFileSchema>;

/** A text as a model would be trained on it. */
export const previewSchema = z.object({
  report: z.object({
    documents: z.number(),
    tokens: z.number(),
    documentsTooShort: z.number(),
    tokensLeftOver: z.number(),
    duplicates: z.number(),
    available: z.number(),
    train: z.number(),
    heldOut: z.number(),
    /** What was changed or left out, in plain words. */
    notes: z.array(z.string()),
  }),
  /** Of the first windows: the line at which the document begins, and what each token stands for. */
  windows: z.array(z.object({ line: z.number(), pieces: z.array(z.string()) })),
});
export type Preview = z.infer<typeof previewSchema>;

const choice = z.object({ file: z.string(), columns: textColumnsSchema.nullable() });

export const textsContract = {
  'texts.list': rpc(nothing, z.array(textFileSchema)),
  /** Reads the whole file, added or not; cancelled where nobody waits for it any more. */
  'texts.inspect': rpc(choice, inspectionSchema),
  /** Keeps it, and with which columns. Refuses what cannot be trained on. */
  'texts.add': rpc(choice.partial({ columns: true }), textFileSchema),
  'texts.remove': rpc(z.object({ file: z.string() }), nothing),
  /** Tells the lab where a file lies now: runs that name the old place find it. */
  'texts.move': rpc(
    z.object({ file: z.string(), to: z.string(), evenIfDifferent: z.boolean() }),
    movedSchema,
  ),
  /** Cancelled where a newer question makes it needless. */
  'texts.preview': rpc(
    z.object({
      modelFolder: z.string(),
      dataFile: z.string(),
      /** Of a file that is not kept yet; else as it was kept. */
      columns: textColumnsSchema.optional(),
      recipe: recipeSchema,
    }),
    previewSchema,
  ),
};
