/** lab generate: continuations of prompts. */
import { type DecodingSettings, parseDecoding } from '../../engine/generation/decoding.ts';
import { releaseOverlay } from '../../engine/model/overlay.ts';
import { WEIGHT_PRECISIONS, type WeightPrecision } from '../../engine/runtimes/quantize.ts';
import { openModel } from '../../lab/models/open-model.ts';
import { blockedTokens, openTraining } from '../../lab/texts/training-text.ts';
import {
  type Command,
  choice,
  number,
  onlyPositional,
  runtimeName,
  text,
  usageError,
  type Values,
  wholeNumber,
} from '../command.ts';
import { DEFAULT_NEW_TOKENS, givenPrompts, PROMPT_OPTIONS } from '../prompts.ts';

export const generate: Command = {
  name: 'generate',
  usage:
    'lab generate MODEL [--adapter A] --prompt T … | --prompts F [--max-new-tokens N] [--decoding greedy|top-p|…] [--weights 8-bit|4-bit] [--seed S] [--training-text F]',
  summary: 'continuations of prompts',
  options: {
    adapter: { type: 'string', takes: 'FOLDER', help: 'adapter to lay over the model' },
    ...PROMPT_OPTIONS,
    decoding: {
      type: 'string',
      takes: 'WAY',
      help: 'how tokens are chosen, such as greedy or top-p=0.9,temperature=0.7',
    },
    weights: {
      type: 'string',
      takes: 'P',
      help: 'how they are kept: float32, or in less memory 8-bit or 4-bit (float32)',
    },
    seed: { type: 'string', takes: 'N', help: 'of chance, where the decoding takes any (1)' },
    'training-text': {
      type: 'string',
      takes: 'FILE',
      help: 'what the citation blocker keeps from being recited',
    },
  },
  run: async (context) => {
    const { values, progress, signal } = context;
    const path = onlyPositional(generate, context, 'model folder');
    const prompts = await givenPrompts(values);
    if (prompts.length === 0) throw usageError(generate, 'There is no prompt to continue');
    const decoding: DecodingSettings = parseDecoding(text(values, 'decoding') ?? 'greedy');
    const maxNewTokens = number(values, 'max-new-tokens', wholeNumber) ?? DEFAULT_NEW_TOKENS;
    const model = await openModel(path, runtimeName(values), {
      writesIn: weightPrecision(values),
    });
    try {
      const file = text(values, 'training-text');
      const training =
        file === undefined ? undefined : await openTraining({ data: file, recipe: null }, model.tokenizer);
      const overlay = await model.overlay(text(values, 'adapter'));
      const promptTokens = prompts.map((prompt) => model.tokenizer.encodeWithSpecial(prompt));
      let written = 0;
      const generated = await model.decoder.generate(promptTokens, {
        maxNewTokens,
        decoding,
        seed: number(values, 'seed') ?? 1,
        overlay,
        endOfText: model.folder.endOfText,
        atEnd: 'stop',
        signal,
        onToken: () => progress.show('Writing', Math.min(1, ++written / (maxNewTokens * prompts.length))),
        blocked: blockedTokens(decoding, training),
      });
      releaseOverlay(overlay);
      const results = prompts.map((prompt, index) => ({
        prompt,
        promptTokens: promptTokens[index]!,
        tokens: generated[index]!,
        text: model.tokenizer.decode(generated[index]!),
      }));
      return {
        json: { results },
        text: results.map((result) => `${result.prompt}▸${result.text}`).join('\n\n'),
      };
    } finally {
      await model.close();
    }
  },
};

function weightPrecision(values: Values): WeightPrecision {
  const asked = choice(values, 'weights', WEIGHT_PRECISIONS, (word) =>
    usageError(generate, `--weights is one of ${WEIGHT_PRECISIONS.join(', ')}, not "${word}"`),
  );
  return asked ?? 'float32';
}
