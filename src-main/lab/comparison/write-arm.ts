/** One arm continues all prompts, in one batch; its texts can be read while they grow, and are measured at the end. */
import { MARKED_RUN, type TokenText } from '../../../src-preload/contract/endpoints/comparison.ts';
import { mean } from '../../engine/analysis/diversity/mean.ts';
import { distinct, meanRepetition, RepetitionDepths } from '../../engine/analysis/diversity/repetition.ts';
import { selfBleu } from '../../engine/analysis/diversity/self-bleu.ts';
import { summarizeOverlaps, type TrainingOverlap } from '../../engine/analysis/diversity/training-overlap.ts';
import { meanTypeTokenRatio } from '../../engine/analysis/diversity/type-token-ratio.ts';
import type { DecodingSettings } from '../../engine/generation/decoding.ts';
import { releaseOverlay } from '../../engine/model/overlay.ts';
import { PieceReader } from '../../engine/text/token-pieces.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import type { OpenModel } from '../models/open-model.ts';
import { blockedTokens, type TrainingText } from '../texts/training-text.ts';

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
  /** What the citation blocker keeps from being recited, and overlaps are measured with. */
  readonly training?: TrainingText | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called for every new token, with all texts as they are. */
  readonly onToken?: (texts: readonly TokenText[]) => void;
}

export interface WrittenArm {
  readonly texts: readonly TokenText[];
  readonly measures: Readonly<Record<string, number>>;
}

export async function writeArm(
  model: OpenModel,
  { adapter, prompts, decoding, maxNewTokens, seed, atEnd }: ArmRequest,
  { training, signal, onToken }: WriteOptions = {},
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
  } finally {
    releaseOverlay(overlay);
  }
  return {
    texts,
    measures: measure(
      texts.map(({ tokens }) => tokens),
      training?.overlap,
    ),
  };
}

class GrowingText implements TokenText {
  readonly tokens: number[] = [];
  readonly pieces: string[] = [];
  readonly #repetition = new RepetitionDepths(MARKED_RUN);
  readonly #reader: PieceReader;

  constructor({ decode }: Tokenizer) {
    this.#reader = new PieceReader(decode);
  }

  get depths(): number[] {
    return this.#repetition.depths;
  }

  add(token: number): void {
    this.tokens.push(token);
    this.pieces.push(this.#reader.read(token));
    this.#repetition.add(token);
  }
}

/** Definitions: see engine/analysis/diversity. */
function measure(
  texts: readonly (readonly number[])[],
  overlap: TrainingOverlap | undefined,
): Record<string, number> {
  const measures: Record<string, number> = {
    ttr: meanTypeTokenRatio(texts),
    rep2: meanRepetition(texts, 2),
    rep3: meanRepetition(texts, 3),
    distinct2: distinct(texts, 2),
    distinct3: distinct(texts, 3),
    selfBleu: selfBleu(texts),
    tokens: mean(texts.map(({ length }) => length)),
  };
  if (overlap) {
    const copied = summarizeOverlaps(texts.map((text) => overlap.longest(text)));
    measures.meanOverlap = copied.mean;
    measures.maxOverlap = copied.max;
  }
  return measures;
}
