/** Comparisons as files: what leaves the lab, and what comes back to be looked at again. */

import type { InputOf, OutputOf } from '../../../src-preload/contract/endpoint.ts';
import {
  type comparisonContract,
  LARGEST_IMPORT,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import { LabError } from '../../engine/errors.ts';
import type { ComparisonStore } from '../../store/comparison-store.ts';
import { renderReport } from '../report/report.ts';
import { toCsv } from './csv.ts';
import { readLlmComparator, toLlmComparator } from './llm-comparator.ts';
import type { Votes } from './votes.ts';
import { findKept, type KeptComparison, type WrittenArm } from './written.ts';

type Answered = 'comparisons.export' | 'comparisons.import';
type Contract = Pick<typeof comparisonContract, Answered>;

export interface ExchangeOptions {
  readonly store: ComparisonStore;
  readonly votes: Votes;
  /** What there is of a comparison's arms. */
  readonly shown: (kept: KeptComparison) => Promise<readonly WrittenArm[]>;
  /** There is one more. */
  readonly onChange: () => void;
}

export class Exchange {
  readonly answers: Answers<Contract> = {
    'comparisons.export': (asked) => this.#export(asked),
    'comparisons.import': async (file) => ({ comparison: await this.#import(file) }),
  };
  readonly #options: ExchangeOptions;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  async #export({
    comparison,
    format,
  }: InputOf<Contract['comparisons.export']>): Promise<OutputOf<Contract['comparisons.export']>> {
    const { store, votes, shown } = this.#options;
    const kept = findKept(store, comparison);
    const arms = await shown(kept);
    const { name, request } = kept;
    const file = (text: string) => ({ name: `${fileName(name)}.${format}`, text });
    if (format === 'csv') return file(toCsv(request, arms));
    const voted = votes.show(comparison);
    if (format === 'json') return file(toLlmComparator({ name, request, arms, votes: voted.votes }));
    const { prompts, references } = request;
    const shownArms = request.arms.map(({ name }, place) => {
      const { texts, measures, numbers } = arms[place]!;
      return { name, texts, measures, overlaps: numbers?.overlaps ?? null };
    });
    return file(
      renderReport({ title: name, comparison: { prompts, references, arms: shownArms }, votes: voted }),
    );
  }

  async #import({ name, text }: InputOf<Contract['comparisons.import']>): Promise<number> {
    const { store, votes, onChange } = this.#options;
    if (text.length > LARGEST_IMPORT) {
      throw new LabError(
        'bad-argument',
        `${name} is too large: at most ${LARGEST_IMPORT / 1024 ** 2} MB can be read.`,
        { name, characters: text.length },
      );
    }
    const read = await readLlmComparator(text, name);
    const outcome = read.arms.every(({ measures }) => measures !== null) ? 'finished' : 'stopped';
    const id = store.add(read.name, read.request, { outcome, error: null, imported: true });
    for (const [place, arm] of read.arms.entries()) store.saveArm(id, place, arm);
    for (const vote of read.votes) votes.put(id, vote);
    onChange();
    return id;
  }
}

/** Of a comparison's name, what is safe in the names of files. */
function fileName(name: string): string {
  const plain = name.normalize('NFKC').replaceAll(/[^\p{L}\p{N}]+/gu, '-');
  return plain.replaceAll(/^-+|-+$/g, '').slice(0, 60) || 'comparison';
}
