/** Beginnings to write on from: those in a file, and those of windows that a run has held out, whose continuations are known. */
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { LabError } from '../../engine/errors.ts';
import { openModelFolder } from '../../engine/formats/model-folder.ts';
import type { TextColumns } from '../../engine/text/documents/columns.ts';
import { readDocuments } from '../../engine/text/documents/documents.ts';
import { tokenPieces } from '../../engine/text/token-pieces.ts';
import { loadTokenizer } from '../../engine/text/tokenizer.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import { readWindows } from '../runs/hyperfit-run.ts';

/** One a line; of files with records, one a record. @throws LabError as readDocuments does */
export async function readPrompts(file: string): Promise<string[]> {
  const { format, documents } = await readDocuments(file);
  if (format !== 'txt') return documents.map(({ text }) => text);
  return documents.flatMap(({ text }) => text.split('\n')).filter((line) => line.trim() !== '');
}

export interface HeldOutRequest {
  /** Model folder. */
  readonly model: string;
  /** Text file. */
  readonly data: string;
  readonly columns?: TextColumns | undefined;
  readonly recipe: Recipe;
  /** Windows at most. */
  readonly count: number;
  /** First tokens of each, as the papers count them: with those that the tokenizer puts before a text. */
  readonly tokens: number;
}

export interface HeldOutPrompts {
  readonly prompts: readonly string[];
  /** How each really goes on. */
  readonly references: readonly string[];
}

/** @throws LabError 'bad-argument' where nothing is held out, or a window leaves nothing to write */
export async function heldOutPrompts(request: HeldOutRequest): Promise<HeldOutPrompts> {
  const { model, recipe, count, tokens } = request;
  if (tokens >= recipe.windowLength) {
    throw new LabError(
      'bad-argument',
      `The windows of this run have ${recipe.windowLength} tokens: beginnings must be shorter.`,
      { tokens, windowLength: recipe.windowLength },
    );
  }
  const folder = await openModelFolder(model);
  try {
    const { geometry } = recognizeArchitecture(folder.config);
    const tokenizer = await loadTokenizer(model, geometry.vocabularySize);
    const { heldOut } = await readWindows(request, { tokenizer });
    if (heldOut.length === 0)
      throw new LabError('bad-argument', 'This run has held no text out. Type beginnings instead.');
    const cut = heldOut.slice(0, count).map((window) => {
      const pieces = tokenPieces([...window.tokens], tokenizer.decode);
      return { prompt: pieces.slice(0, tokens).join(''), reference: pieces.slice(tokens).join('') };
    });
    // Of a single letter in several tokens, or of special tokens alone, there is nothing to read yet.
    const usable = cut.filter(({ prompt }) => prompt !== '');
    return {
      prompts: usable.map(({ prompt }) => prompt),
      references: usable.map(({ reference }) => reference),
    };
  } finally {
    await folder.close();
  }
}
