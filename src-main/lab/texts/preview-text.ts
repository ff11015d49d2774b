/** A text as a model would be trained on it: how many windows it gives, what was left out, and the first of them. */
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { openModelFolder } from '../../engine/formats/model-folder.ts';
import type { TextColumns } from '../../engine/text/documents/columns.ts';
import { tokenPieces } from '../../engine/text/token-pieces.ts';
import { loadTokenizer } from '../../engine/text/tokenizer.ts';
import type { WindowReport } from '../../engine/text/windows.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import { readWindows } from '../runs/hyperfit-run.ts';

export interface PreviewRequest {
  /** Model folder. */
  readonly model: string;
  /** Text file. */
  readonly data: string;
  /** Of the text; recognised by their names where they are not given. */
  readonly columns?: TextColumns | undefined;
  readonly recipe: Recipe;
}

export interface TextPreview {
  readonly report: WindowReport;
  /** Training windows, in the order in which they were chosen. */
  readonly windows: readonly {
    /** The line of the file at which its document begins. */
    readonly line: number;
    /** What each token stands for; those that the model's tokenizer puts in are named, such as "<s>". */
    readonly pieces: readonly string[];
  }[];
}

const WINDOWS_SHOWN = 3;

export async function previewText({ model, data, columns, recipe }: PreviewRequest): Promise<TextPreview> {
  const folder = await openModelFolder(model);
  try {
    const { geometry } = recognizeArchitecture(folder.config);
    const tokenizer = await loadTokenizer(model, geometry.vocabularySize);
    const { train, report } = await readWindows({ data, columns, recipe }, { tokenizer });
    const whole = (tokens: readonly number[]) => tokenizer.decode(tokens, { skipSpecial: false });
    return {
      report,
      windows: train
        .slice(0, WINDOWS_SHOWN)
        .map(({ tokens, line }) => ({ line, pieces: tokenPieces([...tokens], whole) })),
    };
  } finally {
    await folder.close();
  }
}
