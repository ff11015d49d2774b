/** What a comparison knows of the text that was trained on: all that it says of copying and of held-out text rests on it. */
import { LabError } from '../../engine/errors.ts';
import type { DecodingSettings } from '../../engine/generation/decoding.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import { openTraining, type TrainingSource, type TrainingText } from '../texts/training-text.ts';

export interface KnownTraining {
  readonly training?: TrainingText;
  /** What cannot be measured, and why. */
  readonly notes: readonly string[];
}

/**
 * A text that is gone, or cannot be read any more, keeps nobody from writing.
 * @throws LabError where the decoding needs it: it would otherwise be another one than was asked for
 */
export async function openKnownTraining(
  source: TrainingSource | undefined,
  { citationBlocker }: DecodingSettings,
  tokenizer: Tokenizer,
): Promise<KnownTraining> {
  if (source === undefined) return { notes: [] };
  try {
    const training = await openTraining(source, tokenizer);
    const notes =
      training.heldOut.length === 0
        ? ['The run has held no text out, so perplexity, entropy and agreement are not measured.']
        : [];
    return { training, notes };
  } catch (error) {
    if (citationBlocker || !(error instanceof LabError)) throw error;
    return {
      notes: [
        `What the run was trained on cannot be read, so copying, perplexity, entropy and agreement are not measured. ${error.message}`,
      ],
    };
  }
}
