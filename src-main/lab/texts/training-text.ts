/** The text that a model was trained on, as this model's tokens: what it may have copied, and what it must not recite. */
import { type Overlap, TrainingOverlap } from '../../engine/analysis/diversity/training-overlap.ts';
import { LabError } from '../../engine/errors.ts';
import { CitationBlocker } from '../../engine/generation/citation-blocker.ts';
import type { DecodingSettings } from '../../engine/generation/decoding.ts';
import type { TextColumns } from '../../engine/text/documents/columns.ts';
import { readDocuments } from '../../engine/text/documents/documents.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import { readWindows } from '../runs/hyperfit-run.ts';

/** The windows that a recipe takes of a file; without a recipe all of it, each document as a window. */
export interface TrainingSource {
  readonly data: string;
  /** Of the text; recognised by their names where they are not given. */
  readonly columns?: TextColumns | undefined;
  readonly recipe: Recipe | null;
}

export interface TrainingText {
  readonly file: string;
  readonly overlap: TrainingOverlap;
  readonly blocker: CitationBlocker;
  readonly windows: readonly TrainingWindow[];
  /** Tokens of the windows that the recipe holds out; none without a recipe. */
  readonly heldOut: readonly (readonly number[])[];
  /** Where a run was copied from, with the text around it as far as its window goes; null where nothing was copied. */
  source(run: Overlap): Promise<CopiedFrom | null>;
}

type Windows = Pick<TrainingText, 'windows' | 'heldOut'>;

export interface TrainingWindow {
  readonly tokens: readonly number[];
  /** The line of the file where its document begins. */
  readonly line: number;
  /** Tokens of the document before its own, and how many it has itself that stand in no text, at its beginning. */
  readonly offset: number;
  readonly beginning: number;
}

export interface CopiedFrom {
  readonly before: string;
  readonly copied: string;
  readonly after: string;
  readonly file: string;
  /** Where the run begins; the record's, where a file has those. */
  readonly line: number;
}

/** Tokens that are shown on either side of a run. */
const CONTEXT_TOKENS = 256;

/** @throws LabError as readDocuments and cutWindows do */
export async function openTraining(
  { data, columns, recipe }: TrainingSource,
  tokenizer: Tokenizer,
): Promise<TrainingText> {
  const { windows, heldOut } = recipe === null ? await wholeDocuments() : await windowsOf(recipe);
  const tokens = windows.map((window) => window.tokens);
  return {
    file: data,
    windows,
    heldOut,
    overlap: new TrainingOverlap(tokens),
    blocker: new CitationBlocker(tokens, tokenizer.startsWord),
    source: async ({ source, length }) => {
      if (source === null) return null;
      const window = windows[source.window]!;
      const end = source.offset + length;
      const text = (from: number, to: number) => tokenizer.decode(window.tokens.slice(Math.max(0, from), to));
      return {
        before: text(source.offset - CONTEXT_TOKENS, source.offset),
        copied: text(source.offset, end),
        after: text(end, end + CONTEXT_TOKENS),
        file: data,
        line: await lineOf(window, source.offset),
      };
    },
  };

  async function wholeDocuments(): Promise<Windows> {
    const { documents } = await readDocuments(data, columns);
    const windows = documents.map(({ text, line }) => ({
      tokens: tokenizer.encode(text),
      line,
      offset: 0,
      beginning: 0,
    }));
    return { windows, heldOut: [] };
  }

  async function windowsOf(recipe: Recipe): Promise<Windows> {
    const { train, heldOut } = await readWindows({ data, columns, recipe }, { tokenizer });
    const beginning = tokenizer.beginning.length;
    return {
      windows: train.map(({ tokens, line, offset }) => ({
        tokens: Array.from(tokens),
        line,
        offset,
        beginning,
      })),
      heldOut: heldOut.map(({ tokens }) => Array.from(tokens)),
    };
  }

  /** Read once more, as seldom anybody asks: windows do not know how many lines come before them. */
  async function lineOf({ line, offset, beginning }: TrainingWindow, place: number): Promise<number> {
    const { format, documents } = await readDocuments(data, columns);
    const [document] = documents;
    if (format !== 'txt' || document === undefined) return line;
    const before = tokenizer.encode(document.text).slice(0, offset + Math.max(0, place - beginning));
    return line + tokenizer.decode(before).split('\n').length - 1;
  }
}

/** What may not follow the tokens generated so far, where the decoding asks for the citation blocker. */
export function blockedTokens(
  { citationBlocker }: DecodingSettings,
  training: Pick<TrainingText, 'blocker'> | undefined,
): ((generated: readonly number[]) => ReadonlySet<number>) | undefined {
  if (!citationBlocker) return undefined;
  if (training === undefined) {
    throw new LabError(
      'bad-argument',
      'The citation blocker must know the training text. Name its file with --training-text.',
    );
  }
  return (generated) => training.blocker.forbidden(generated);
}
