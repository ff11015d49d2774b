/**
 * What an experiment has to show, as plain data: sentences, tables, figures, passages of text. The lab says it once; the
 * page, the HTML report and the command line each draw it in their own way.
 */
import { z } from 'zod';

/** Where a number or a definition comes from, for people: "Li et al. 2026, Table 1, from a summary of the paper". Null: measured here. */
const source = z.string().nullable();

export const tableSchema = z.object({
  kind: z.literal('table'),
  title: z.string(),
  /** What the first column holds, then the others: a plain name, the field's term, a sentence of help. */
  columns: z.array(z.object({ name: z.string(), term: z.string().nullable(), help: z.string() })),
  rows: z.array(
    z.object({
      name: z.string(),
      source,
      /** One for each column but the first. Null: not measured, or not known. */
      cells: z.array(z.union([z.number(), z.string()]).nullable()),
    }),
  ),
  note: z.string().nullable(),
});
export type Table = z.infer<typeof tableSchema>;

const point = z.tuple([z.number(), z.number().nullable()]);

export const figureSchema = z.object({
  kind: z.literal('figure'),
  title: z.string(),
  /** What it shows, in a sentence, for people who do not see it. */
  summary: z.string(),
  /** Lines over numbers, or bars over the categories, whose places are the points' first numbers: 0, 1, … */
  shape: z.enum(['lines', 'bars']),
  xName: z.string(),
  yName: z.string(),
  categories: z.array(z.string()).nullable(),
  isXLogarithmic: z.boolean(),
  series: z.array(
    z.object({
      name: z.string(),
      /** Null: drawn as measured here; else dashed, as what others report. */
      source,
      points: z.array(point),
      /** Lower and upper ends of an interval around each point; null: none is known. */
      band: z.array(z.tuple([z.number(), z.number()])).nullable(),
    }),
  ),
  note: z.string().nullable(),
});
export type Figure = z.infer<typeof figureSchema>;

export const passagesSchema = z.object({
  kind: z.literal('passages'),
  title: z.string(),
  note: z.string().nullable(),
  /** Each a piece of text with something marked in its middle. */
  passages: z.array(
    z.object({ before: z.string(), marked: z.string(), after: z.string(), remark: z.string() }),
  ),
});
export type Passages = z.infer<typeof passagesSchema>;

export const exhibitSchema = z.discriminatedUnion('kind', [tableSchema, figureSchema, passagesSchema]);
export type Exhibit = z.infer<typeof exhibitSchema>;

export const showingSchema = z.object({
  /** What was found, in plain sentences. */
  findings: z.array(z.string()),
  exhibits: z.array(exhibitSchema),
  /** How each quantity was computed; where the papers leave it open, which reading was chosen. */
  definitions: z.array(z.object({ term: z.string(), text: z.string(), source })),
});
export type Showing = z.infer<typeof showingSchema>;
