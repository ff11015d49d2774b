/** What "Terminal expansion" shows: lines over the blocks, all layers in a table beside the paper's numbers, and what it means. */
import type { Exhibit, Figure, Showing, Table } from '../../../../src-preload/contract/exhibits.ts';
import { countOf, signed } from '../../wording.ts';
import { type GeometryResults, type Layer, MOST_GROUPS, MOST_TOKENS } from './results.ts';

const PAPER = 'Li et al. 2026 (TinyLlama, 22 blocks), from a summary of the paper';

export const GEOMETRY_DEFINITIONS: Showing['definitions'] = [
  {
    term: 'Hidden state',
    text: `The numbers that a block passes on to the next one at a token, as many as the model is wide. Compared at every token of the texts, also one that the tokenizer puts before them; of more than ${MOST_TOKENS.toLocaleString('en')} tokens, at the first ones.`,
    source: null,
  },
  {
    term: 'Cosine, L2 distance',
    text: 'Of the two models’ states at the same token: the cosine of the angle between them (1: same direction) and the length of their difference; means over all tokens.',
    source: 'Li et al. 2026, from a summary of the paper; the formula is the lab’s reading',
  },
  {
    term: 'Directions (participation ratio)',
    text: 'PR = (tr C)² / ‖C‖²_F, with C the covariance of the states over all tokens after their mean was taken away: in how many directions they spread, if all were used alike. At most the width, and at most the number of tokens less one.',
    source: 'Li et al. 2026, from a summary of the paper; the formula is the lab’s reading',
  },
  {
    term: 'ΔDim',
    text: 'PR of the tuned model’s states less PR of the base’s. On the states as they are, and on states that were each divided by their length, where the size of a few states cannot decide.',
    source:
      'Li et al. 2026, from a summary of the paper; on states divided by their length: the lab’s addition',
  },
  {
    term: 'Last block, before and after the final norm',
    text: 'What leaves the last block, and the same after the norm that stands before the output. In transformers’ list of hidden states every entry but the last is before that norm and the last is after it, so a jump at the end of such a list may be the norm’s and not the block’s. That the paper’s numbers come from such a list is the lab’s inference, not a statement of the paper; both are shown.',
    source: null,
  },
  {
    term: 'Band',
    text: `95 % of 1,000 bootstrap draws of the texts (of ${MOST_GROUPS} groups of neighbouring texts where there are more). Draws have the same text more than once, so they spread over a little fewer directions than all texts together: a band of ΔDim may lie nearer to 0 than ΔDim itself.`,
    source: null,
  },
];

export function showGeometry(results: GeometryResults): Omit<Showing, 'definitions'> {
  const { layers } = results;
  if (layers.length === 0) return { findings: [], exhibits: [] };
  return { findings: findingsOf(results), exhibits: [...figuresOf(results), tableOf(results)] };
}

function findingsOf({ tokens, ofTokens, texts, groups, bound, width, layers, blocks }: GeometryResults) {
  const outputs = layers.filter(({ stage }) => stage === 'output');
  const farthest = [...outputs].sort((a, b) => a.cosine - b.cosine)[0]!;
  const unchanged = outputs.findIndex(({ l2 }) => l2 > 0);
  const last = outputs.find(({ block }) => block === blocks);
  const normed = layers.find(({ stage }) => stage === 'after-final-norm');
  const cut = tokens < ofTokens ? `, of ${ofTokens.toLocaleString('en')} that there are` : '';
  return [
    `Both models read ${countOf(texts, 'text')} with ${countOf(tokens, 'token')}${cut}. States of ${countOf(width, 'number')} at so many tokens can spread over ${bound.toLocaleString('en')} directions at most.`,
    unchanged === -1
      ? 'The two models’ states are the same after every block: nothing was learned in the blocks that these texts would show.'
      : `${unchanged === 0 ? 'They differ from the first block on' : `Up to block ${unchanged} their states are the same`}; they part most after block ${farthest.block}, where the cosine is ${farthest.cosine.toFixed(3)}.`,
    ...(last ? [expansionOf(last, outputs)] : []),
    ...(last && normed ? [confoundOf(last, normed)] : []),
    ...(groups < 2 ? ['With one text alone there is no telling how much of this hangs on the text.'] : []),
  ];
}

function expansionOf(last: Layer, outputs: readonly Layer[]): string {
  const { participationRatioBase, participationRatioTuned, deltaDim, deltaDimBand } = last;
  const size = `from ${number(participationRatioBase)} to ${number(participationRatioTuned)} directions, ΔDim ${signedNumber(deltaDim)}${bandOf(deltaDimBand)}`;
  const what = isUnclear(deltaDimBand)
    ? `After the last block the tuned model’s states spread over about as many directions as the base’s: ${size}, and other texts might turn the sign.`
    : deltaDim > 0
      ? `After the last block the tuned model’s states spread over more directions than the base’s: ${size}. That is the direction that Li et al. report as terminal expansion (about +80.8 on TinyLlama).`
      : `After the last block the tuned model’s states spread over fewer directions than the base’s: ${size}. Li et al. report the opposite, an expansion of about +80.8 on TinyLlama; on this model and these texts it is not seen before the final norm.`;
  const most = [...outputs].sort((a, b) => Math.abs(b.deltaDim) - Math.abs(a.deltaDim))[0]!;
  if (most.block === last.block) return `${what} No other block’s ΔDim is as large.`;
  return `${what} The largest ΔDim is not there but after block ${most.block}: ${signedNumber(most.deltaDim)}.`;
}

function confoundOf(last: Layer, normed: Layer): string {
  const same = Math.sign(last.deltaDim) === Math.sign(normed.deltaDim);
  return `The final norm alone changes these numbers: after it ΔDim is ${signedNumber(normed.deltaDim)} instead of ${signedNumber(last.deltaDim)}${same ? '' : ', with the other sign'}, and the L2 distance ${number(normed.l2)} instead of ${number(last.l2)}. Lists of hidden states usually have the last layer after that norm and all others before it, so a jump there need not come from the block. That the paper’s jump was measured so is the lab’s inference.`;
}

/** Lines over the blocks: as they pass states on, and with the last one after the final norm as usual lists have it. */
function figuresOf(results: GeometryResults): Exhibit[] {
  return [
    figure(results, {
      title: 'Same direction? Cosine of the two models’ states',
      yName: 'Cosine',
      value: ({ cosine }) => cosine,
      band: ({ cosineBand }) => cosineBand,
    }),
    figure(results, {
      title: 'How far apart? L2 distance of the two models’ states',
      yName: 'L2 distance',
      value: ({ l2 }) => l2,
      band: ({ l2Band }) => l2Band,
    }),
    figure(results, {
      title: 'More directions, or fewer? ΔDim of the states',
      yName: 'ΔDim',
      value: ({ deltaDim }) => deltaDim,
      band: ({ deltaDimBand }) => deltaDimBand,
    }),
    figure(results, {
      title: 'ΔDim of states divided by their length',
      yName: 'ΔDim',
      value: ({ normalized }) => normalized.deltaDim,
      band: ({ normalized }) => normalized.deltaDimBand,
    }),
  ];
}

interface Curve {
  readonly title: string;
  readonly yName: string;
  readonly value: (layer: Layer) => number;
  readonly band: (layer: Layer) => Layer['cosineBand'];
}

function figure({ layers, blocks }: GeometryResults, { title, yName, value, band }: Curve): Figure {
  const outputs = layers.filter(({ stage }) => stage === 'output');
  const normed = layers.find(({ stage }) => stage === 'after-final-norm');
  const lineOf = (name: string, line: readonly Layer[]): Figure['series'][number] => {
    const bands = line.map((layer) => band(layer));
    const known = bands.flatMap((interval): [number, number][] =>
      interval === null ? [] : [[interval.low, interval.high]],
    );
    return {
      name,
      source: null,
      points: line.map((layer) => [layer.block, value(layer)]),
      band: known.length === line.length ? known : null,
    };
  };
  const first = outputs[0]!;
  const last = outputs.at(-1)!;
  return {
    kind: 'figure',
    title,
    summary: `${yName} is ${number(value(first))} after block ${first.block} and ${number(value(last))} after block ${last.block}${normed ? `, ${number(value(normed))} after the final norm` : ''}.`,
    shape: 'lines',
    xName: 'Block',
    yName,
    categories: null,
    isXLogarithmic: false,
    series: [
      ...(normed
        ? [
            lineOf('Last block after the final norm', [
              ...outputs.filter(({ block }) => block === blocks - 1),
              normed,
            ]),
          ]
        : []),
      lineOf('What leaves each block', outputs),
    ],
    note: null,
  };
}

function tableOf({ layers, bound }: GeometryResults): Table {
  return {
    kind: 'table',
    title: 'Layer by layer',
    columns: [
      { name: 'Layer', term: null, help: 'After which block the states were compared.' },
      {
        name: 'Same direction',
        term: 'cosine',
        help: 'Cosine of the angle between the two models’ states. 1: the same direction.',
      },
      { name: 'Distance', term: 'L2', help: 'Length of the difference of the two models’ states.' },
      {
        name: 'Directions, base',
        term: 'participation ratio',
        help: `Over how many directions the base’s states spread: 1 to ${bound}.`,
      },
      {
        name: 'Directions, tuned',
        term: 'participation ratio',
        help: `Over how many directions the tuned model’s states spread: 1 to ${bound}.`,
      },
      { name: 'Change', term: 'ΔDim', help: 'Directions of the tuned model less those of the base.' },
      { name: 'Range', term: '95 % band of ΔDim', help: 'Where ΔDim lies if the texts are drawn anew.' },
      {
        name: 'Change, same lengths',
        term: 'ΔDim, normalised',
        help: 'The same on states that were each divided by their length.',
      },
      {
        name: 'Its range',
        term: '95 % band',
        help: 'Where it lies if the texts are drawn anew.',
      },
    ],
    rows: [
      ...layers.map((layer) => ({
        name:
          layer.stage === 'output' ? `Block ${layer.block}` : `Block ${layer.block}, after the final norm`,
        source: null,
        cells: [
          ...[layer.cosine, layer.l2, layer.participationRatioBase, layer.participationRatioTuned],
          ...[layer.deltaDim, rangeOf(layer.deltaDimBand)],
          ...[layer.normalized.deltaDim, rangeOf(layer.normalized.deltaDimBand)],
        ],
      })),
      paperRow('Paper: layers 1 to 10', { cosine: 'above 0.86' }),
      paperRow('Paper: layer 21', { l2: 22.0 }),
      paperRow('Paper: layer 22, the last', { l2: 81.6, deltaDim: 'about +80.8' }),
    ],
    note: 'The paper says of layers 11 to 21 that their states spread over slightly fewer directions. Whether its last layer was taken before or after the final norm is not known here.',
  };
}

function paperRow(
  name: string,
  {
    cosine = null,
    l2 = null,
    deltaDim = null,
  }: { cosine?: string | null; l2?: number | null; deltaDim?: string | null },
): Table['rows'][number] {
  return { name, source: PAPER, cells: [cosine, l2, null, null, deltaDim, null, null, null] };
}

function isUnclear(band: Layer['deltaDimBand']): boolean {
  return band !== null && band.low <= 0 && band.high >= 0;
}

function bandOf(band: Layer['deltaDimBand']): string {
  return band === null ? '' : ` (${rangeOf(band)})`;
}

function rangeOf(band: Layer['deltaDimBand']): string | null {
  return band === null ? null : `${signedNumber(band.low)} to ${signedNumber(band.high)}`;
}

function signedNumber(value: number): string {
  return signed(value, digitsOf(value));
}

function number(value: number): string {
  return value.toFixed(digitsOf(value));
}

/** Dimensions are tens, cosines are below 1. */
function digitsOf(value: number): number {
  return Math.abs(value) < 1 ? 3 : 1;
}
