/** What measures of texts are called, in the page and in reports: the plain name, the field's term, what it is. */

export interface MeasureWords {
  readonly name: string;
  readonly term: string;
  readonly help: string;
}

/** By the names that the lab gives them, in the order in which they are shown. */
export const MEASURE_WORDS: Readonly<Record<string, MeasureWords>> = {
  ttr: {
    name: 'Different tokens',
    term: 'TTR',
    help: 'Share of different tokens (words or parts of them) among the last 96 of each text. Higher is more varied.',
  },
  rep2: {
    name: 'Repeated pairs',
    term: 'rep-2',
    help: 'Share of token pairs that came before in the same text. Lower is less repetitive.',
  },
  rep3: {
    name: 'Repeated triples',
    term: 'rep-3',
    help: 'The same for runs of three tokens. Lower is less repetitive.',
  },
  distinct2: {
    name: 'Different pairs over all texts',
    term: 'distinct-2',
    help: 'Share of different token pairs among those of all texts together. Higher is more varied.',
  },
  distinct3: {
    name: 'Different triples over all texts',
    term: 'distinct-3',
    help: 'The same for runs of three tokens. Higher is more varied.',
  },
  selfBleu: {
    name: 'Likeness of the texts to each other',
    term: 'Self-BLEU',
    help: 'How much of each text also stands in the others. With one text it says nothing. Lower is more varied.',
  },
  tokens: { name: 'Length', term: 'tokens', help: 'Mean over the texts.' },
  sameTokens: {
    name: 'Same words as the first arm',
    term: 'agreement by position',
    help: 'Share of the places of its texts at which the same token stands in the text of the first. From the first other word on, texts mostly go their own way.',
  },
  entropy: {
    name: 'Doubt about the next token',
    term: 'entropy',
    help: 'On held-out text, how widely the model spreads its bets, in nats. 0 is certainty; hyperfitting lowers it.',
  },
  perplexity: {
    name: 'Surprise at held-out text',
    term: 'perplexity',
    help: 'As if it had to guess among so many tokens at each place. It rises in hyperfitting, and the texts get better all the same.',
  },
  topOneAgreement: {
    name: 'Same first choice as the first arm',
    term: 'top-1 agreement',
    help: 'Share of the places of held-out text at which both find the same token the likeliest.',
  },
  meanOverlap: {
    name: 'Longest copied run',
    term: 'mean',
    help: 'Tokens in a row that also stand in the training text, mean over the texts.',
  },
  maxOverlap: {
    name: 'Longest copied run',
    term: 'most',
    help: 'The longest such run in any text.',
  },
};
