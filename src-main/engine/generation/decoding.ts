/**
 * How the next token is chosen, as settings and as the short text that people write on the command line:
 * "greedy", "top-p", "top-p=0.9,temperature=0.7,top-k=50", "greedy,no-repeat-ngram=3", "greedy,citation-blocker".
 */
import { z } from 'zod';
import { LabError } from '../errors.ts';

export const decodingSchema = z.strictObject({
  /** Always the most likely token, or one drawn by chance. */
  strategy: z.enum(['greedy', 'sample']),
  /** Logits are divided by it before sampling: below 1 sharper, above 1 flatter. */
  temperature: z.number().positive(),
  /** Keep the most likely tokens that together have this probability (arXiv 1904.09751); 1: all. */
  topP: z.number().positive().max(1),
  /** Keep so many most likely tokens; 0: all. */
  topK: z.number().int().nonnegative(),
  /** Keep tokens at least this share as likely as the best (arXiv 2407.01082); 0: all. */
  minP: z.number().min(0).max(1),
  /** Divides the logits of tokens that occurred (CTRL, arXiv 1909.05858); 1: none. */
  repetitionPenalty: z.number().positive(),
  /** No run of so many tokens comes twice; 0: not checked. */
  noRepeatNgram: z.number().int().nonnegative(),
  /** Never continue a run of training text: see citation-blocker.ts. */
  citationBlocker: z.boolean(),
});
export type DecodingSettings = z.infer<typeof decodingSchema>;

export const GREEDY: DecodingSettings = {
  strategy: 'greedy',
  temperature: 1,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
  noRepeatNgram: 0,
  citationBlocker: false,
};

interface Word {
  readonly field: 'temperature' | 'topP' | 'topK' | 'minP' | 'repetitionPenalty' | 'noRepeatNgram';
  /** What the word means without a number. */
  readonly usual: number;
  /** Whether it makes sense only with chance. */
  readonly samples: boolean;
}

const WORDS: Readonly<Record<string, Word>> = {
  temperature: { field: 'temperature', usual: 1, samples: true },
  'top-p': { field: 'topP', usual: 0.9, samples: true },
  'top-k': { field: 'topK', usual: 50, samples: true },
  'min-p': { field: 'minP', usual: 0.1, samples: true },
  'repetition-penalty': { field: 'repetitionPenalty', usual: 1.2, samples: false },
  'no-repeat-ngram': { field: 'noRepeatNgram', usual: 3, samples: false },
};
export const DECODING_WORDS = ['greedy', ...Object.keys(WORDS), 'citation-blocker'];

export function parseDecoding(text: string): DecodingSettings {
  const settings: Record<string, unknown> = { ...GREEDY };
  let samples = false;
  let greedy = false;
  for (const part of text.split(',').map((word) => word.trim())) {
    const [word = '', number, ...rest] = part.split('=');
    if (word === 'greedy' && number === undefined) greedy = true;
    else if (word === 'citation-blocker' && number === undefined) settings.citationBlocker = true;
    else {
      const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
      if (known === undefined || rest.length > 0) refuse(text, `"${part}" is not known`);
      settings[known.field] = number === undefined ? known.usual : Number(number);
      samples ||= known.samples;
    }
  }
  if (greedy && samples)
    refuse(text, 'greedy always takes the most likely token, so nothing is left to chance');
  const parsed = decodingSchema.safeParse({ ...settings, strategy: samples ? 'sample' : 'greedy' });
  if (!parsed.success)
    refuse(text, `${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`);
  return parsed.data;
}

/** The short text of settings; parseDecoding reads it back. */
export function describeDecoding(settings: DecodingSettings): string {
  const words = settings.strategy === 'greedy' ? ['greedy'] : [];
  for (const [word, { field }] of Object.entries(WORDS)) {
    const needed = word === 'temperature' && settings.strategy === 'sample';
    if (settings[field] !== GREEDY[field] || needed) words.push(`${word}=${settings[field]}`);
  }
  if (settings.citationBlocker) words.push('citation-blocker');
  return words.join(',');
}

function refuse(text: string, reason: string): never {
  const words = DECODING_WORDS.join(', ');
  throw new LabError(
    'bad-argument',
    `The decoding "${text}" cannot be used: ${reason}. It is made of ${words}.`,
    { decoding: text },
  );
}
