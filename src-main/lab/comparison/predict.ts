/** What an arm would write next at a place in a text, and what it would write if another token stood there. */
import type { Prediction, TokenText } from '../../../src-preload/contract/endpoints/comparison.ts';
import { entropy, logProbability, rankOf } from '../../engine/analysis/diversity/predictions.ts';
import { LabError } from '../../engine/errors.ts';
import type { DecodingSettings } from '../../engine/generation/decoding.ts';
import { mostLikelyFirst } from '../../engine/generation/most-likely-first.ts';
import { releaseOverlay } from '../../engine/model/overlay.ts';
import { PieceReader } from '../../engine/text/token-pieces.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import type { OpenModel } from '../models/open-model.ts';
import { hasSameTokenizer } from '../models/same-tokenizer.ts';
import { blockedTokens, type TrainingText } from '../texts/training-text.ts';
import { GrowingText } from './growing-text.ts';

/** A place in a text that some arm has written. */
export interface Place {
  readonly prompt: string;
  /** Tokens of the text before it, and what they stand for. */
  readonly tokens: number[];
  readonly text: string;
  /** The token that stands there; null at the text's end. */
  readonly next: { readonly token: number; readonly piece: string } | null;
  /** The model folder whose tokens these are. */
  readonly tokensOf: string;
}

const SHOWN_TOKENS = 10;
/** What a token stands for hangs on a few before it. */
const NEAR_TOKENS = 8;

/**
 * A model with another tokenizer reads the text before the place in its own tokens; of what stands there, the first of them
 * is looked at, if it has one that begins right there.
 */
export async function predictNext(
  model: OpenModel,
  adapter: string | null,
  place: Place,
): Promise<Omit<Prediction, 'arm'>> {
  const { decoder, tokenizer } = model;
  const { before, next } = await readPlace(model, place);
  const overlay = await model.overlay(adapter ?? undefined);
  try {
    const predictions: Omit<Prediction, 'arm'>[] = [];
    await decoder.eachLogits(before, { overlay, from: before.length - 1 }, (logits) => {
      const look = (token: number) => ({
        token,
        piece: pieceAfter(before, token, tokenizer),
        probability: Math.exp(logProbability(logits, token)),
      });
      predictions.push({
        top: mostLikelyFirst(new Float64Array(logits)).take(SHOWN_TOKENS).map(look).toArray(),
        chosen: next === null ? null : { ...look(next), rank: rankOf(logits, next) },
        entropy: Math.max(0, entropy(logits)),
      });
    });
    return predictions[0]!;
  } finally {
    releaseOverlay(overlay);
  }
}

export interface BranchRequest {
  readonly adapter: string | null;
  readonly decoding: DecodingSettings;
  readonly seed: number;
  /** The new token included. */
  readonly maxNewTokens: number;
  readonly token: number;
}

/**
 * The text from the new token on, complete. All that the arm's decoding looks back at, the citation blocker too, begins where the text
 * does.
 * @param options `onText` is called with it as it grows
 */
export async function writeBranch(
  model: OpenModel,
  { adapter, decoding, seed, maxNewTokens, token }: BranchRequest,
  { prompt, tokens }: Pick<Place, 'prompt' | 'tokens'>,
  options: {
    readonly training: TrainingText | undefined;
    readonly signal: AbortSignal;
    readonly onText: (text: TokenText) => void;
  },
): Promise<TokenText> {
  const { tokenizer, decoder, folder, architecture } = model;
  if (tokenizer.spelling(token) === undefined)
    throw new LabError('bad-argument', `This model has no token ${token}.`, { token });
  const text = new GrowingText(tokenizer);
  for (const known of [...tokens, token]) text.add(known);
  const given = [...tokenizer.encodeWithSpecial(prompt), ...tokens, token];
  if (maxNewTokens === 1 || given.length >= architecture.geometry.contextLength)
    return text.from(tokens.length);
  const blocked = blockedTokens(decoding, options.training);
  const overlay = await model.overlay(adapter ?? undefined);
  try {
    await decoder.generate([given], {
      ...{ decoding, seed, overlay, maxNewTokens: maxNewTokens - 1, signal: options.signal },
      ...{ endOfText: folder.endOfText, atEnd: 'forbid' },
      blocked: blocked && ((generated) => blocked([...tokens, token, ...generated])),
      onToken: (_, next) => {
        text.add(next);
        options.onText(text.from(tokens.length));
      },
    });
    return text.from(tokens.length);
  } finally {
    releaseOverlay(overlay);
  }
}

/** Token ids of all before the place, and the one that stands there. */
async function readPlace(
  { tokenizer, folder }: OpenModel,
  { prompt, tokens, text, next, tokensOf }: Place,
): Promise<{ before: number[]; next: number | null }> {
  if (await hasSameTokenizer(folder.path, tokensOf))
    return { before: [...tokenizer.encodeWithSpecial(prompt), ...tokens], next: next?.token ?? null };
  const before = tokenizer.encodeWithSpecial(prompt + text);
  if (next === null) return { before, next: null };
  const further = tokenizer.encodeWithSpecial(prompt + text + next.piece);
  const goesOn = before.every((token, index) => further[index] === token);
  return { before, next: goesOn ? (further[before.length] ?? null) : null };
}

/** Special tokens, and parts of letters, are called as the vocabulary spells them. */
function pieceAfter(before: readonly number[], token: number, { decode, spelling }: Tokenizer): string {
  const reader = new PieceReader(decode);
  for (const near of before.slice(-NEAR_TOKENS)) reader.read(near);
  return reader.read(token) || (spelling(token) ?? '');
}
