/**
 * "Terminal expansion": how far apart the hidden states of the base and of the tuned model lie after every block, and over
 * how many directions those of each spread, when both read the same texts. Of the last block before and after the final norm.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  distances,
  type GroupedStates,
  normalized,
  Spread,
  StateProducts,
} from '../../../engine/analysis/layer-geometry.ts';
import { StatesFile } from '../../../engine/analysis/states-file.ts';
import { bootstrapIntervals, type Interval } from '../../../engine/analysis/statistics/bootstrap.ts';
import { LabError } from '../../../engine/errors.ts';
import { type Context, defineExperiment } from '../experiment.ts';
import { type PairRequest, pairRequestSchema } from '../inputs.ts';
import { OpenPair, type Side } from '../open-pair.ts';
import { beginStage } from '../progress.ts';
import {
  type GeometryResults,
  geometryResultsSchema,
  type Layer,
  MOST_GROUPS,
  MOST_TOKENS,
  type SpreadNumbers,
} from './results.ts';
import { GEOMETRY_DEFINITIONS, showGeometry } from './showing.ts';

export const geometryExperiment = defineExperiment<PairRequest, GeometryResults>({
  kind: 'geometry',
  title: 'Terminal expansion',
  request: pairRequestSchema,
  results: geometryResultsSchema,
  definitions: GEOMETRY_DEFINITIONS,

  async perform(request, context) {
    const pair = new OpenPair(request.pair, context);
    const files: StatesFile[] = [];
    try {
      const inputs = await pair.inputs(request);
      const texts = firstTokens(inputs.texts, MOST_TOKENS);
      await mkdir(context.folder, { recursive: true });
      const base = await readStates(pair, 'base', texts, files, context);
      const tuned = await readStates(pair, 'tuned', texts, files, context);
      if (base.blocks !== tuned.blocks || base.width !== tuned.width) {
        throw new LabError(
          'bad-argument',
          `The two models are not built alike (${base.blocks} blocks of ${base.width} numbers, and ${tuned.blocks} of ${tuned.width}), so their states cannot be compared. Choose a tuned model that was made from this base.`,
          { blocks: [base.blocks, tuned.blocks], widths: [base.width, tuned.width] },
        );
      }
      const groups = groupSizes(texts);
      const tokens = groups.reduce((sum, size) => sum + size, 0);
      const results: GeometryResults = {
        tokens,
        ofTokens: inputs.texts.reduce((sum, { length }) => sum + length, 0),
        texts: texts.length,
        groups: groups.length,
        blocks: base.blocks,
        width: base.width,
        bound: Math.min(tokens - 1, base.width),
        layers: context.previous?.layers ?? [],
      };
      return await compareLayers(pair, [base.file, tuned.file], groups, results, request.seed, context);
    } finally {
      await pair.close();
      for (const file of files) await file.remove();
    }
  },

  show: showGeometry,
});

/** Whole texts as long as they fit; the last one is cut. */
function firstTokens(texts: readonly (readonly number[])[], most: number): (readonly number[])[] {
  let left = most;
  return texts.flatMap((tokens) => {
    const taken = tokens.slice(0, left);
    left -= taken.length;
    return taken.length === 0 ? [] : [taken];
  });
}

/** Positions of each group of neighbouring texts. */
function groupSizes(texts: readonly (readonly number[])[]): number[] {
  const count = Math.min(texts.length, MOST_GROUPS);
  const sizes = Array.from({ length: count }, () => 0);
  for (const [index, { length }] of texts.entries())
    sizes[Math.floor((index * count) / texts.length)]! += length;
  return sizes;
}

async function readStates(
  pair: OpenPair,
  side: Side,
  texts: readonly (readonly number[])[],
  files: StatesFile[],
  context: Context<GeometryResults>,
) {
  const isBase = side === 'base';
  const onShare = beginStage(context, `the ${side} model reads the texts`, isBase ? [0, 0.15] : [0.15, 0.3]);
  return pair.use(side, async ({ model, reader }) => {
    const { blocks, width } = model.architecture.geometry;
    const positions = texts.reduce((sum, { length }) => sum + length, 0);
    const file = await StatesFile.create(path.join(context.folder, `states-${side}`), positions, width);
    files.push(file);
    for (const [index, tokens] of texts.entries()) {
      context.signal?.throwIfAborted();
      await file.add(await reader.states(tokens));
      onShare((index + 1) / texts.length);
    }
    return { file, blocks, width };
  });
}

async function compareLayers(
  pair: OpenPair,
  files: readonly [StatesFile, StatesFile],
  groups: readonly number[],
  found: GeometryResults,
  seed: number,
  context: Context<GeometryResults>,
): Promise<GeometryResults> {
  const { blocks, width } = found;
  const onShare = beginStage(context, 'their states are compared', [0.3, 1]);
  return pair.use('tuned', async ({ model }) => {
    const products = new StateProducts(model.runtime, { width, groups });
    let results = found;
    try {
      for (let layer = found.layers.length; layer <= blocks; layer++) {
        const [base, tuned] = [await files[0].layer(layer), await files[1].layer(layer)];
        const measured = await measureLayer(base, tuned, { width, groups }, products, seed, context.signal);
        const isFinal = layer === blocks;
        const place = {
          block: isFinal ? blocks : layer + 1,
          stage: isFinal ? ('after-final-norm' as const) : ('output' as const),
        };
        results = { ...results, layers: [...results.layers, { ...place, ...measured }] };
        context.keep(results);
        onShare((layer + 1) / (blocks + 1));
      }
    } finally {
      await products.release();
    }
    return results;
  });
}

async function measureLayer(
  base: Float32Array,
  tuned: Float32Array,
  shape: Omit<GroupedStates, 'states'>,
  products: StateProducts,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<Omit<Layer, 'block' | 'stage'>> {
  const { width, groups } = shape;
  const { cosine, l2 } = distances(base, tuned, width);
  const [cosines, lengths] = [groupSums(cosine, groups), groupSums(l2, groups)];
  const spreads: Spread[] = [];
  for (const states of [base, tuned, normalized(base, width), normalized(tuned, width)])
    spreads.push(await Spread.measure({ states, ...shape }, products, signal));
  const statistics = (weights: readonly number[]) => {
    const ratios = spreads.map((spread) => spread.participationRatio(weights));
    const mean = (sums: readonly number[]) => weighted(sums, weights) / weighted(groups, weights);
    return [mean(cosines), mean(lengths), ratios[1]! - ratios[0]!, ratios[3]! - ratios[2]!, ...ratios];
  };
  const all = statistics(groups.map(() => 1));
  const bands = bandsOf(groups.length, statistics, seed);
  const spreadOf = (delta: number, ofBase: number): SpreadNumbers => ({
    participationRatioBase: all[ofBase]!,
    participationRatioTuned: all[ofBase + 1]!,
    deltaDim: all[delta]!,
    deltaDimBand: bands[delta] ?? null,
  });
  return {
    cosine: all[0]!,
    cosineBand: bands[0] ?? null,
    l2: all[1]!,
    l2Band: bands[1] ?? null,
    ...spreadOf(2, 4),
    normalized: spreadOf(3, 6),
  };
}

/** None of a single group: nothing can be drawn otherwise. */
function bandsOf(
  groups: number,
  statistics: (weights: readonly number[]) => readonly number[],
  seed: number,
): readonly Interval[] {
  if (groups < 2) return [];
  return bootstrapIntervals(
    groups,
    (indices) => {
      const weights = Array.from({ length: groups }, () => 0);
      for (const group of indices) weights[group]!++;
      return statistics(weights);
    },
    { seed },
  );
}

function groupSums(numbers: Float64Array, groups: readonly number[]): number[] {
  let at = 0;
  return groups.map((size) => {
    const part = numbers.subarray(at, at + size);
    at += size;
    return part.reduce((sum, number) => sum + number, 0);
  });
}

function weighted(numbers: readonly number[], weights: readonly number[]): number {
  return numbers.reduce((sum, number, index) => sum + number * weights[index]!, 0);
}
