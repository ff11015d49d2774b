/** The text that a model was trained on, as this model's tokens: what it may have copied, and what it must not recite. */
import { TrainingOverlap } from '../../engine/analysis/diversity/training-overlap.ts';
import { LabError } from '../../engine/errors.ts';
import { CitationBlocker } from '../../engine/generation/citation-blocker.ts';
import type { DecodingSettings } from '../../engine/generation/decoding.ts';
import { readDocuments } from '../../engine/text/documents/documents.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';

export interface TrainingText {
  readonly overlap: TrainingOverlap;
  readonly blocker: CitationBlocker;
}

export async function openTrainingText(file: string, tokenizer: Tokenizer): Promise<TrainingText> {
  const { documents } = await readDocuments(file);
  const tokens = documents.map(({ text }) => Int32Array.from(tokenizer.encode(text)));
  return {
    overlap: new TrainingOverlap(tokens),
    blocker: new CitationBlocker(tokens, tokenizer.startsWord),
  };
}

/** What may not follow the tokens generated so far, where the decoding asks for the citation blocker. */
export function blockedTokens(
  { citationBlocker }: DecodingSettings,
  training: TrainingText | undefined,
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
