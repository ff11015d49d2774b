/** What followers of a comparison are sent: what is new to them, in portions that nobody has to wait for. */

import type { Arm } from '../../../src-preload/contract/endpoints/comparison.ts';
import {
  type ComparisonState,
  type Overlap,
  tailOf,
  type WrittenPacket,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import type { Outcome, WrittenArm } from './written.ts';

/** Tokens of a packet, about: what is checked and sent at once. */
const PACKET_TOKENS = 20_000;

export interface Showing {
  readonly state: ComparisonState;
  readonly error: Outcome['error'];
  readonly request: { readonly arms: readonly Arm[]; readonly maxNewTokens: number };
  readonly arms: readonly WrittenArm[];
  readonly imported: boolean;
}

/** @param known lengths of the texts that the follower knows, by arm and prompt; they are brought up to date */
export function* packetsOf(showing: Showing, known: number[][]): Generator<WrittenPacket> {
  const { state, error, arms } = showing;
  const head = {
    ...{ state, error, share: shareOf(showing), notes: notesOf(showing) },
    measures: arms.map(({ measures }) => measures),
    overlaps: arms.map(({ numbers }): Overlap[] | null => numbers?.overlaps ?? null),
  };
  let tails: WrittenPacket['tails'] = [];
  let tokens = 0;
  for (const [arm, { texts }] of arms.entries()) {
    const lengths = known[arm] ?? [];
    for (const [prompt, text] of texts.entries()) {
      const tail = tailOf(text, prompt, lengths[prompt] ?? 0);
      if (tail === undefined) continue;
      tails.push({ ...tail, arm });
      tokens += tail.tokens.length;
      if (tokens < PACKET_TOKENS) continue;
      yield { ...head, tails };
      tails = [];
      tokens = 0;
    }
    known[arm] = texts.map((text) => text.tokens.length);
  }
  yield { ...head, tails };
}

/** Complete arms count whole, however short their texts are. */
function shareOf({ arms, request }: Showing): number {
  const done = arms.map(({ texts, measures }) => {
    if (measures !== null) return 1;
    const tokens = texts.reduce((sum, text) => sum + text.tokens.length, 0);
    return tokens / (texts.length * request.maxNewTokens);
  });
  return Math.min(1, done.reduce((sum, share) => sum + share, 0) / arms.length);
}

/** What cannot be told of the numbers, each reason once. */
function notesOf({ arms, request, imported }: Showing): string[] {
  const notes = new Set(arms.flatMap(({ numbers }) => numbers?.notes ?? []));
  if (imported) return [...notes];
  const isComplete = ({ measures }: WrittenArm) => measures !== null;
  if (request.arms.every(({ run }) => run === null) && arms.some(isComplete))
    notes.add(
      'No arm comes from a run, so nobody knows a training text or held-out text: copying, perplexity, entropy and agreement are not measured.',
    );
  const [first, ...others] = arms;
  for (const [place, arm] of others.entries()) {
    if (!first || !isComplete(first) || !isComplete(arm)) continue;
    const [baseline, name] = [request.arms[0]!.name, request.arms[place + 1]!.name];
    if (first.numbers === null)
      notes.add(
        `“${baseline}” was written by an earlier version of the lab: differences from it are not known.`,
      );
    else if (first.numbers.heldOut?.windows !== arm.numbers?.heldOut?.windows)
      notes.add(
        `“${name}” was not measured on the same held-out tokens as “${baseline}”: their perplexity, entropy and agreement do not compare.`,
      );
  }
  return [...notes];
}
