/** The citation blocker, set up from the training text's file. */
import { LabError } from '../engine/errors.ts';
import { CitationBlocker } from '../engine/generation/citation-blocker.ts';
import type { DecodingSettings } from '../engine/generation/decoding.ts';
import { readDocuments } from '../engine/text/documents.ts';
import type { Tokenizer } from '../engine/text/tokenizer.ts';

/** Token ids of each document of a training text. */
export async function trainingTokens(file: string, tokenizer: Tokenizer): Promise<Int32Array[]> {
  const { documents } = await readDocuments(file);
  return documents.map(({ text }) => Int32Array.from(tokenizer.encode(text)));
}

/** Undefined where the decoding does not ask for it. */
export function openBlocker(
  { citationBlocker }: DecodingSettings,
  training: readonly Int32Array[] | undefined,
  tokenizer: Tokenizer,
): CitationBlocker | undefined {
  if (!citationBlocker) return undefined;
  if (training === undefined) {
    throw new LabError(
      'bad-argument',
      'The citation blocker must know the training text. Name its file with --training-text.',
    );
  }
  return new CitationBlocker(training, tokenizer.startsWord);
}
