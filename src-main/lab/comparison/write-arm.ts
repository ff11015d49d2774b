/** One arm continues all prompts, in one batch; its texts can be read while they grow, and are measured at the end. */
import type { TokenText } from '../../../src-preload/contract/endpoints/comparison.ts';
import type { DecodingSettings } from '../../engine/generation/decoding.ts';
import { releaseOverlay } from '../../engine/model/overlay.ts';
import type { OpenModel } from '../models/open-model.ts';
import { blockedTokens, type TrainingText } from '../texts/training-text.ts';
import { type ArmNumbers, measureTexts } from './arm-numbers.ts';
import { GrowingText } from './growing-text.ts';
import { readHeldOut } from './read-held-out.ts';

export interface ArmRequest {
  /** Adapter folder. */
  readonly adapter: string | null;
  readonly decoding: DecodingSettings;
  readonly prompts: readonly string[];
  readonly maxNewTokens: number;
  readonly seed: number;
  /** "forbid": texts have full length, which makes measures of repetition comparable. */
  readonly atEnd: 'stop' | 'forbid';
}

export interface WriteOptions {
  /** What the citation blocker keeps from being recited, overlaps are measured with, and held-out windows are of. */
  readonly training?: TrainingText | undefined;
  /** What else could not be measured, and why. */
  readonly notes?: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Called for every new token, with all texts as they are. */
  readonly onToken?: (texts: readonly TokenText[]) => void;
}

export interface WrittenArm {
  readonly texts: readonly TokenText[];
  readonly numbers: ArmNumbers;
}

export async function writeArm(
  model: OpenModel,
  { adapter, prompts, decoding, maxNewTokens, seed, atEnd }: ArmRequest,
  { training, notes = [], signal, onToken }: WriteOptions = {},
): Promise<WrittenArm> {
  const { tokenizer, decoder, folder } = model;
  const texts = prompts.map(() => new GrowingText(tokenizer));
  const overlay = await model.overlay(adapter ?? undefined);
  try {
    await decoder.generate(
      prompts.map((prompt) => tokenizer.encodeWithSpecial(prompt)),
      {
        ...{ maxNewTokens, decoding, seed, overlay, atEnd, signal },
        endOfText: folder.endOfText,
        onToken: (prompt, token) => {
          texts[prompt]!.add(token);
          onToken?.(texts);
        },
        blocked: blockedTokens(decoding, training),
      },
    );
    const tokens = texts.map((text) => text.tokens);
    const overlaps = training ? tokens.map((text) => training.overlap.longest(text)) : null;
    const heldOut = training ? await readHeldOut(model, overlay, training.heldOut, signal) : null;
    return { texts, numbers: { texts: measureTexts(tokens), overlaps, heldOut, notes: [...notes] } };
  } finally {
    releaseOverlay(overlay);
  }
}
