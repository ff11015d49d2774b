/**
 * What experiments are given: two models, and texts. A text comes from a file, as it is, or from what a run has held out; all
 * become token ids of the model that reads them.
 */
import { z } from 'zod';
import { LabError } from '../../engine/errors.ts';
import { textColumnsSchema } from '../../engine/text/documents/columns.ts';
import { readDocuments } from '../../engine/text/documents/documents.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import type { WindowSet } from '../../engine/text/windows.ts';
import { recipeSchema } from '../../engine/training/recipe.ts';
import type { OpenModel } from '../models/open-model.ts';
import { type HyperfitRequest, readWindows } from '../runs/hyperfit-run.ts';

/** Folders. The tuned one is an adapter over a model, or a model of its own. */
export const pairSchema = z.strictObject({
  base: z.string(),
  tuned: z.strictObject({ model: z.string(), adapter: z.string().nullable() }),
});
export type Pair = z.infer<typeof pairSchema>;

/** So many first tokens of each text alone; null: whole texts. */
const firstTokens = z.int().positive().nullable();

export const textSourceSchema = z.discriminatedUnion('kind', [
  /** Each document is a text; of plain text, each line, where `byLine` says so, or else parts of PART_TOKENS. */
  z.strictObject({ kind: z.literal('file'), file: z.string(), byLine: z.boolean(), firstTokens }),
  z.strictObject({ kind: z.literal('given'), texts: z.array(z.string()).min(1) }),
  /** Windows of a text that a recipe does not train on, so many at most: those that it holds out first. */
  z.strictObject({
    kind: z.literal('held-out'),
    data: z.string(),
    columns: textColumnsSchema.optional(),
    recipe: recipeSchema,
    count: z.int().positive(),
    firstTokens,
    /** Where nothing is held out. */
    otherwise: z.array(z.string()),
  }),
]);
export type TextSource = z.infer<typeof textSourceSchema>;

/** What experiments on two models are asked. */
export const pairRequestSchema = z.strictObject({
  pair: pairSchema,
  /** Read as they are. */
  texts: textSourceSchema,
  /** Written on from. */
  prompts: textSourceSchema,
  /** What the tuned one was trained on, where that is known: the windows that a recipe takes of a text, or all of it. */
  training: z
    .strictObject({
      data: z.string(),
      columns: textColumnsSchema.optional(),
      recipe: recipeSchema.nullable(),
    })
    .nullable(),
  maxNewTokens: z.int().positive(),
  seed: z.int().nonnegative(),
});
export type PairRequest = z.infer<typeof pairRequestSchema>;

/** What experiments that train are asked. */
export const trainingRequestSchema = z.strictObject({
  model: z.string(),
  recipe: recipeSchema,
  /** Held-out windows that each trained model continues, and from how many of their tokens. */
  texts: z.int().positive(),
  promptTokens: z.int().positive(),
  maxNewTokens: z.int().positive(),
});
export type TrainingRequest = z.infer<typeof trainingRequestSchema>;

/** A plain file may be a whole book: it is read in parts of so many tokens, and so many of them. */
const PART_TOKENS = 512;
const MOST_PARTS = 300;

/**
 * Token ids of each text, with the special tokens that the tokenizer puts before it; what the model cannot read of one is cut
 * off its end.
 * @throws LabError 'bad-argument' where there is no text
 */
export async function readTexts(
  source: TextSource,
  { tokenizer, architecture }: Pick<OpenModel, 'tokenizer' | 'architecture'>,
): Promise<number[][]> {
  const { contextLength } = architecture.geometry;
  const firstTokens = source.kind === 'given' ? null : source.firstTokens;
  const longest = Math.min(firstTokens ?? contextLength, contextLength);
  const sequences = (await read()).map((tokens) => tokens.slice(0, longest));
  const usable = sequences.filter(({ length }) => length > 0);
  if (usable.length === 0) throw new LabError('bad-argument', 'There is no text to compute it on.');
  return usable;

  async function read(): Promise<number[][]> {
    if (source.kind === 'given') return source.texts.map(tokenizer.encodeWithSpecial);
    if (source.kind === 'file') {
      const { format, documents } = await readDocuments(source.file);
      const texts = documents.map(({ text }) => text);
      if (format !== 'txt') return texts.map(tokenizer.encodeWithSpecial);
      if (!source.byLine) return texts.flatMap(partsOf);
      return texts
        .flatMap((text) => text.split('\n'))
        .filter((line) => line.trim() !== '')
        .map(tokenizer.encodeWithSpecial);
    }
    const { heldOut } = await readUnseen(source, tokenizer);
    if (heldOut.length === 0) return source.otherwise.map(tokenizer.encodeWithSpecial);
    return heldOut.map(({ tokens }) => Array.from(tokens));
  }

  function partsOf(text: string): number[][] {
    const { beginning, encode } = tokenizer;
    const tokens = encode(text);
    const each = Math.max(1, Math.min(PART_TOKENS, contextLength) - beginning.length);
    const parts = Math.min(MOST_PARTS, Math.ceil(tokens.length / each));
    return Array.from({ length: parts }, (_, part) => [
      ...beginning,
      ...tokens.slice(part * each, (part + 1) * each),
    ]);
  }
}

/**
 * The windows that a recipe trains on, and as held out up to `count` others: those that it holds out first, then what it neither
 * trains on nor measures with, which is as unseen. None where it holds out none.
 */
export async function readUnseen(
  {
    count,
    recipe,
    ...text
  }: Pick<HyperfitRequest, 'data' | 'columns' | 'recipe'> & { readonly count: number },
  tokenizer: Tokenizer,
): Promise<Pick<WindowSet, 'train' | 'heldOut'>> {
  const { train, heldOut, report } = await readWindows({ ...text, recipe }, { tokenizer });
  const unseen = Math.min(count, report.available - report.train);
  if (heldOut.length === 0 || unseen <= heldOut.length) return { train, heldOut: heldOut.slice(0, count) };
  // Holding out more takes from what is left over, not from what is trained on.
  return readWindows({ ...text, recipe: { ...recipe, heldOut: unseen } }, { tokenizer });
}
