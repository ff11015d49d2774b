import { describe, expect, it } from 'vitest';
import type { PlanEstimate } from '../../src-preload/contract/endpoints/plans.ts';
import { LabError } from '../engine/errors.ts';
import { findRecipe, type Recipe } from '../engine/training/recipe.ts';
import { needsWords, refuseWhatLacks, roundingWords } from './preflight-words.ts';

const recipe = findRecipe('li-2026-late-stage').settings;
const estimate: PlanEstimate = {
  ...{ trainableParameters: 1, totalParameters: 2, blocks: [0], modules: [], steps: 1 },
  ...{ memoryBytes: 5e9, freeMemoryBytes: 3e9, diskBytes: 2e9, cacheBytes: 0, freeDiskBytes: 1e9 },
  ...{ seconds: { low: 500, likely: 600, high: 900 }, how: 'rough' },
};

function refusal(lacks: 'memory' | 'disk' | null, changes: readonly Partial<Recipe>[]): LabError | undefined {
  const choices = changes.map((changed) => ({
    ...{ words: 'otherwise', memoryBytes: 1, diskBytes: 1 },
    recipe: { ...recipe, ...changed },
  }));
  try {
    refuseWhatLacks({ lacks, estimate, recipe, choices });
    return undefined;
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
}

describe('before a run', () => {
  it('it is said what it needs', () => {
    expect(needsWords(estimate)).toMatch(/5.0.GB of memory and 2.0.GB on the disk, and take about 10 min/);
    expect(needsWords({ ...estimate, seconds: null, cacheBytes: 1e9 })).toMatch(
      /on the disk, of which 1.0.GB for the file of the frozen blocks \(an estimate/,
    );
  });

  it('it is said whether rounding gains anything here', () => {
    expect(roundingWords(1.74)).toMatch(/^Products are rounded to bfloat16, 1.7 times as fast/);
    expect(roundingWords(0.4)).toMatch(
      /^This processor is no faster with .*\(0.4 times the speed.*--products float32/,
    );
  });

  it('one that fits is not refused', () => {
    expect(refusal(null, [])).toBeUndefined();
  });

  it('one that does not fit is refused with the words that would make it fit', () => {
    const found = refusal('memory', [{ microBatch: 4 }, { scope: 'last:2' }]);
    expect(found).toMatchObject({ code: 'out-of-memory', data: { neededBytes: 5e9, freeBytes: 3e9 } });
    expect(found!.message).toMatch(/--micro-batch 4 \(otherwise\); --scope last:2 \(otherwise\)\. Or begin/);
    const disk = refusal('disk', [{ prefixCache: false }]);
    expect(disk).toMatchObject({ code: 'disk-full' });
    expect(disk!.message).toMatch(/on the disk.*--no-prefix-cache/);
    expect(refusal('disk', [])!.message).toMatch(/take a smaller model/);
  });
});
