/** What the papers claim, as questions: each is answered by one experiment of the lab. */
import type { ExperimentKind } from '../../../src-preload/contract/endpoints/experiments.ts';

export interface Question {
  readonly kind: ExperimentKind;
  /** As the papers' readers know it. */
  readonly claim: string;
  readonly title: string;
  /** What is tested, in a sentence. */
  readonly test: string;
  /** How long it takes with the model and the texts that come with the lab, on two processor cores. */
  readonly time: string;
}

/** About something that a run has learned. */
export const RUN_QUESTIONS: readonly Question[] = [
  {
    kind: 'entropy-match',
    claim: 'Not temperature',
    title: 'Is it just a lower temperature?',
    test: 'The model before is made as sure of itself as the one after (a matched temperature), and its texts are measured again: do they get as varied?',
    time: 'about a minute',
  },
  {
    kind: 'static-injection',
    claim: 'Not a fixed vocabulary bias',
    title: 'Does it just like some words more?',
    test: 'What the run lifts on average is added to the model before, stronger and stronger, the same at every word: does that make its texts as varied?',
    time: 'about a minute',
  },
  {
    kind: 'rank-origin',
    claim: 'Where the words come from',
    title: 'Where do its words come from?',
    test: 'For every word that the model after writes: which place did the model before give it, the first or one far down its list?',
    time: 'some seconds',
  },
  {
    kind: 'geometry',
    claim: 'Terminal expansion',
    title: 'What changes inside?',
    test: 'Both models read the same texts; after every block their inner states are compared: how far apart, and over how many directions they spread.',
    time: 'some seconds',
  },
  {
    kind: 'copying',
    claim: 'Copying',
    title: 'Does it only copy?',
    test: 'How long are the runs of words in its texts that stand in the training text too, and what becomes of the texts where such runs are forbidden?',
    time: 'some seconds',
  },
  {
    kind: 'ttr-position',
    claim: 'Variety along a text',
    title: 'Does it last?',
    test: 'Long texts, measured in a window that slides along them: do the words stay varied, or does it fall into repetition later?',
    time: 'about a minute',
  },
  {
    kind: 'learning-curve',
    claim: 'Variety along a run',
    title: 'How long must it learn?',
    test: 'How varied its texts were at each epoch, against how well it knew the training text by then.',
    time: 'a second',
  },
];

/** About runs that could have been: models are trained anew for them. */
export const TRAINING_QUESTIONS: readonly Question[] = [
  {
    kind: 'strategies',
    claim: 'Late-Stage LoRA',
    title: 'Which layers must learn?',
    test: 'The same text is learned by the whole model, by adapters on all blocks, and on the last, first or middle ones alone; their texts are compared.',
    time: 'two to four minutes',
  },
  {
    kind: 'data-size',
    claim: 'Size of the training text',
    title: 'How much text does it need?',
    test: 'Less and less text, seen so much more often that every model takes equally many steps: when do its texts get worse?',
    time: 'two to four minutes',
  },
  {
    kind: 'order',
    claim: 'Order of the training text',
    title: 'Does the order matter?',
    test: 'The same pieces of text in different orders: how often do the trained models agree on the likeliest next word?',
    time: 'one to three minutes',
  },
  {
    kind: 'domains',
    claim: 'Kind of the training text',
    title: 'Which text should it learn?',
    test: 'A model for each text; each continues beginnings from all of them: is a text of the same kind the better teacher?',
    time: 'one to three minutes',
  },
];

export function questionOf(kind: string): Question | undefined {
  return [...RUN_QUESTIONS, ...TRAINING_QUESTIONS].find((question) => question.kind === kind);
}

export function isAboutRun(kind: ExperimentKind): boolean {
  return RUN_QUESTIONS.some((question) => question.kind === kind);
}
