/**
 * The JSON of LLM Comparator (github.com/PAIR-code/llm-comparator, "JSON Data Format"), which sets two models side by side:
 * for us, the first two arms, or the first and the human continuation. All that it has no place for stands under a key of
 * ours, which it ignores.
 */
import { z } from 'zod';
import {
  type ComparisonRequest,
  comparisonRequestSchema,
  MARKED_RUN,
  type Vote,
  voteSchema,
  type Writer,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import { repetitionDepth } from '../../engine/analysis/diversity/repetition.ts';
import { LabError } from '../../engine/errors.ts';
import { parseJson } from '../../engine/formats/parse-json.ts';
import { GREEDY } from '../../engine/generation/decoding.ts';
import { measureTexts } from './arm-numbers.ts';
import { measuresOf } from './measures.ts';
import { textNumbersOf, type WrittenArm, writtenArmSchema } from './written.ts';

export interface Exchanged {
  readonly name: string;
  readonly request: ComparisonRequest;
  readonly arms: readonly WrittenArm[];
  readonly votes: readonly Vote[];
}

const OWN_KEY = 'hyperfit_lab';
const VERSION = 1;

/** Their scores go from −1.5 (B is much better) to 1.5; a vote says which is better, not how much. */
const PREFERRED = 1;

const ownSchema = z.object({
  version: z.literal(VERSION, 'it was written by a newer version of the lab'),
  name: z.string(),
  request: comparisonRequestSchema,
  arms: z.array(z.unknown()),
  votes: z.array(voteSchema),
});

/** What is said in pictures cannot be read here. */
const outputSchema = z.string('its texts must be texts');
const foreignSchema = z.looseObject({
  models: z.array(z.looseObject({ name: z.string() })).length(2, 'it must compare two models'),
  examples: z
    .array(
      z.looseObject({ input_text: outputSchema, output_text_a: outputSchema, output_text_b: outputSchema }),
    )
    .min(1, 'it has no example'),
});

/** Measures of each text, as numbers of both models. */
const SHOWN_MEASURES = ['tokens', 'ttr', 'rep2', 'rep3'] as const;

export function toLlmComparator({ name, request, arms, votes }: Exchanged): string {
  const { prompts, references } = request;
  const texts = (place: number) => arms[place]?.texts.map(({ pieces }) => pieces.join(''));
  const [first, second] = [texts(0)!, texts(1) ?? references];
  const others = request.arms.slice(2).map((arm, index) => ({ name: arm.name, texts: texts(index + 2)! }));
  const writers: readonly [Writer, Writer] = [0, arms.length > 1 ? 1 : 'human'];
  const numbers = arms.slice(0, 2).map(textNumbersOf);
  const hasNumbers = numbers.length === 2;
  const file = {
    metadata: {
      source_path: name,
      custom_fields_schema: [
        ...(hasNumbers ? SHOWN_MEASURES.map((measure) => ({ name: measure, type: 'per_model_number' })) : []),
        ...others.map((other, index) => ({ name: fieldOf(other.name, index), type: 'text' })),
      ],
    },
    models: [{ name: request.arms[0]!.name }, { name: request.arms[1]?.name ?? 'human' }],
    examples: prompts.map((prompt, place) => {
      const ratings = votes.flatMap((vote) => (vote.prompt === place ? ratingOf(vote, writers) : []));
      const sum = ratings.reduce((total, { score }) => total + score, 0);
      return {
        input_text: prompt,
        tags: [],
        output_text_a: first[place]!,
        output_text_b: second[place] ?? '',
        score: ratings.length === 0 ? null : sum / ratings.length,
        individual_rater_scores: ratings,
        custom_fields: Object.fromEntries([
          ...(hasNumbers
            ? SHOWN_MEASURES.map((measure) => [measure, numbers.map((one) => one[measure].parts[place]!)])
            : []),
          ...others.map((other, index) => [fieldOf(other.name, index), other.texts[place]!]),
        ]),
      };
    }),
    [OWN_KEY]: { version: VERSION, name, request, arms, votes },
  };
  return JSON.stringify(file);
}

/** Arms may share a name; fields may not. */
function fieldOf(arm: string, index: number): string {
  return `${index + 3}: ${arm}`;
}

function ratingOf(vote: Vote, [first, second]: readonly [Writer, Writer]) {
  const isFlipped = vote.left === second && vote.right === first;
  if (!isFlipped && !(vote.left === first && vote.right === second)) return [];
  const isEqual = vote.choice === 'tie' || vote.choice === 'both bad';
  const isFirst = (vote.choice === 'left') !== isFlipped;
  const score = isEqual ? 0 : isFirst ? PREFERRED : -PREFERRED;
  const label = isEqual ? vote.choice : isFirst ? 'A is better' : 'B is better';
  return [{ score, rating_label: label, is_flipped: isFlipped, rationale: `Voted by ${vote.voter}` }];
}

/**
 * A file of this lab comes back as it was; of another, words stand for tokens.
 * @throws LabError 'bad-argument', with the reason
 */
export async function readLlmComparator(text: string, fileName: string): Promise<Exchanged> {
  const json = parseJson(text);
  const own = z.looseObject({ [OWN_KEY]: z.unknown() }).safeParse(json);
  if (own.success && own.data[OWN_KEY] !== undefined) return readOwn(own.data[OWN_KEY], fileName);
  const foreign = foreignSchema.safeParse(json);
  if (foreign.success) return readForeign(foreign.data, fileName);
  return refuse(fileName, json === undefined ? 'it is no JSON' : reasonOf(foreign.error));
}

async function readOwn(given: unknown, fileName: string): Promise<Exchanged> {
  const parsed = ownSchema.safeParse(given);
  if (!parsed.success) return refuse(fileName, reasonOf(parsed.error));
  const { name, request, votes } = parsed.data;
  const arms: WrittenArm[] = [];
  for (const one of parsed.data.arms) {
    const arm = writtenArmSchema.safeParse(one);
    if (!arm.success) return refuse(fileName, reasonOf(arm.error));
    const { texts } = arm.data;
    const isWhole = texts.every(
      ({ tokens, pieces, depths }) => tokens.length === pieces.length && tokens.length === depths.length,
    );
    if (!isWhole || texts.length !== request.prompts.length)
      return refuse(fileName, 'its texts do not fit together');
    arms.push(arm.data);
    // Others are answered in between: see written.ts.
    await new Promise(setImmediate);
  }
  if (arms.length !== request.arms.length) return refuse(fileName, 'its texts do not fit together');
  return { name, request, arms, votes };
}

function readForeign({ models, examples }: z.infer<typeof foreignSchema>, fileName: string): Exchanged {
  const words = new Map<string, number>();
  const both = [
    examples.map((example) => splitWords(example.output_text_a, words)),
    examples.map((example) => splitWords(example.output_text_b, words)),
  ];
  const request = comparisonRequestSchema.safeParse({
    arms: models.map(({ name }) => ({
      name: name || 'Without a name',
      ...{ modelFolder: '', run: null, checkpoint: null, decoding: GREEDY },
    })),
    prompts: examples.map(({ input_text: prompt }) => prompt),
    // Of words: how long these texts are.
    maxNewTokens: Math.max(1, ...both.flat().map(({ tokens }) => tokens.length)),
  });
  if (!request.success) return refuse(fileName, reasonOf(request.error));
  const numbers = both.map((texts) => ({
    texts: measureTexts(texts.map(({ tokens }) => tokens)),
    ...{ overlaps: null, heldOut: null },
    notes: ['The file has no tokens: its words are counted instead.'],
  }));
  const arms = both.map((texts, place) => ({
    texts,
    numbers: numbers[place]!,
    measures: measuresOf(numbers[place]!, numbers[0]!),
  }));
  return { name: fileName, request: request.data, arms, votes: [] };
}

/** Each word with the space before it, numbered as they come. */
function splitWords(text: string, known: Map<string, number>) {
  const pieces = text.match(/\s*\S+|\s+$/g) ?? [];
  const tokens = pieces.map((piece) => {
    const word = piece.trim();
    if (!known.has(word)) known.set(word, known.size);
    return known.get(word)!;
  });
  return { tokens, pieces: [...pieces], depths: repetitionDepth(tokens, MARKED_RUN) };
}

function reasonOf({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!;
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

function refuse(fileName: string, reason: string): never {
  throw new LabError(
    'bad-argument',
    `${fileName} cannot be shown: ${reason}. Choose a JSON file that this lab or LLM Comparator has written.`,
    { fileName, reason },
  );
}
