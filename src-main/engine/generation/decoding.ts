/**
 * How the next token is chosen, as settings and as the short text that people write on the command line:
 * "greedy", "top-p", "top-p=0.9,temperature=0.7,top-k=50", "greedy,no-repeat-ngram=3", "greedy,citation-blocker".
 * What each setting does to the logits stands in logits-processors.ts.
 */
import { z } from 'zod';
import { LabError } from '../errors.ts';

const finite = z.number('must be a finite number');

export const decodingSchema = z.strictObject({
  /** Always the most likely token, or one drawn by chance. */
  strategy: z.enum(['greedy', 'sample']).default('greedy'),
  /** Logits are divided by it before sampling: below 1 sharper, above 1 flatter. */
  temperature: finite.positive('must be above 0').default(1),
  /** Keep the most likely tokens that together have this probability; 1: all. */
  topP: finite.positive('must be above 0').max(1, 'must be at most 1').default(1),
  /** Keep so many most likely tokens; 0: all. */
  topK: finite.int('must be a whole number').nonnegative('must be at least 0').default(0),
  /** Keep tokens that have at least this share of the best one's probability; 0: all. */
  minP: finite.min(0, 'must be at least 0').max(1, 'must be at most 1').default(0),
  /** Divides the logits of tokens that occurred; 1: none. */
  repetitionPenalty: finite.positive('must be above 0').default(1),
  /** No run of so many tokens comes twice; 0: not checked. */
  noRepeatNgramSize: finite.int('must be a whole number').nonnegative('must be at least 0').default(0),
  /** Never recite the training text: see citation-blocker.ts. */
  citationBlocker: z.boolean().default(false),
});
export type DecodingSettings = z.infer<typeof decodingSchema>;

export const GREEDY: DecodingSettings = decodingSchema.parse({});

interface Word {
  readonly word: string;
  readonly field: 'temperature' | 'topP' | 'topK' | 'minP' | 'repetitionPenalty' | 'noRepeatNgramSize';
  /** What the word means without a number. */
  readonly usual: number;
  /** Whether it makes sense only with chance. */
  readonly samples: boolean;
}

const WORDS: readonly Word[] = [
  { word: 'temperature', field: 'temperature', usual: 1, samples: true },
  { word: 'top-p', field: 'topP', usual: 0.9, samples: true },
  { word: 'top-k', field: 'topK', usual: 50, samples: true },
  { word: 'min-p', field: 'minP', usual: 0.1, samples: true },
  { word: 'repetition-penalty', field: 'repetitionPenalty', usual: 1.2, samples: false },
  { word: 'no-repeat-ngram', field: 'noRepeatNgramSize', usual: 3, samples: false },
];
export const DECODING_WORDS = ['greedy', ...WORDS.map(({ word }) => word), 'citation-blocker'];

/**
 * Reads words with or without a number, separated by commas. One of temperature, top-p, top-k and min-p makes it sample.
 * @throws LabError 'bad-argument' for unknown words, words given twice and numbers out of range
 */
export function parseDecoding(text: string): DecodingSettings {
  const given = new Map<string, string | undefined>();
  for (const part of text.split(',')) {
    const [word, value] = splitOnce(part.trim(), '=');
    if (given.has(word)) refuse(text, `"${word}" is given twice`);
    given.set(word, value);
  }
  const settings: Record<string, unknown> = {};
  for (const [word, value] of given) {
    const known = WORDS.find((candidate) => candidate.word === word);
    if (known) settings[known.field] = value === undefined ? known.usual : toNumber(value);
    else if (!DECODING_WORDS.includes(word)) refuse(text, `"${word}" is not known`);
    else if (value !== undefined) refuse(text, `"${word}" takes no number`);
  }
  const sampling = WORDS.filter(({ word, samples }) => samples && given.has(word));
  if (given.has('greedy') && sampling.length > 0) {
    refuse(text, `greedy always takes the most likely token, so ${sampling[0]!.word} would change nothing`);
  }
  const parsed = decodingSchema.safeParse({
    ...settings,
    strategy: sampling.length > 0 ? 'sample' : 'greedy',
    citationBlocker: given.has('citation-blocker'),
  });
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  return refuse(text, `${WORDS.find(({ field }) => field === path[0])?.word ?? path.join('.')} ${message}`);
}

/** The short text of settings, as far as they have an effect; parseDecoding reads it back. */
export function describeDecoding(settings: DecodingSettings): string {
  const samples = settings.strategy === 'sample';
  const words = samples ? [`temperature=${settings.temperature}`] : ['greedy'];
  for (const { word, field, samples: needsChance } of WORDS) {
    if (field === 'temperature' || (needsChance && !samples)) continue;
    if (settings[field] !== GREEDY[field]) words.push(`${word}=${settings[field]}`);
  }
  if (settings.citationBlocker) words.push('citation-blocker');
  return words.join(',');
}

function splitOnce(text: string, mark: string): [before: string, after: string | undefined] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** Number('') would be 0. */
function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function refuse(text: string, reason: string): never {
  throw new LabError(
    'bad-argument',
    `The decoding "${text}" cannot be used: ${reason}. It is made of ${DECODING_WORDS.join(', ')}.`,
    { decoding: text, known: DECODING_WORDS },
  );
}
