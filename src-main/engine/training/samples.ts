/** Greedy continuations of held-out texts at the end of an epoch, measured as the authors' code of Carlsson 2025 does. */
import { meanRepetition } from '../analysis/diversity/repetition.ts';
import { meanTypeTokenRatio } from '../analysis/diversity/type-token-ratio.ts';

import type { Architecture } from '../architectures/architecture.ts';
import type { Decoder } from '../generation/decoder.ts';
import { GREEDY } from '../generation/decoding.ts';
import type { Overlay } from '../model/overlay.ts';
import type { Recipe } from './recipe.ts';
import type { Samples } from './records.ts';
import type { Windows } from './window-feed.ts';

/** Of an epoch at which none are written. */
export const NO_SAMPLES: Samples = { ttr: null, rep2: null, samples: [] };

export interface SampleWriter {
  readonly architecture: Architecture;
  readonly decoder: Decoder;
  readonly heldOut: Windows;
  readonly decode: (tokens: readonly number[]) => string;
  /** Tokens that end a text: never written in samples. */
  readonly endOfText: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

export async function writeSamples(
  { architecture, decoder, heldOut, decode, endOfText, signal }: SampleWriter,
  { samples, promptTokens, sampleTokens, windowLength }: Recipe,
  overlay: Overlay,
): Promise<Samples> {
  const promptLength = Math.min(promptTokens, windowLength - 1);
  const prompts = heldOut.slice(0, samples).map((window) => [...window.subarray(0, promptLength)]);
  if (prompts.length === 0) return NO_SAMPLES;
  const texts = await decoder.generate(prompts, {
    maxNewTokens: Math.min(sampleTokens, architecture.geometry.contextLength - promptLength),
    decoding: GREEDY,
    seed: 0,
    overlay,
    endOfText,
    atEnd: 'forbid',
    signal,
  });
  return {
    ttr: meanTypeTokenRatio(texts),
    rep2: meanRepetition(texts, 2),
    samples: texts.map((text, index) => ({ prompt: decode(prompts[index]!), text: decode(text) })),
  };
}
