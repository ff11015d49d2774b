/** lab compare: the same prompts continued by several arms, side by side. */
import { writeFileDurably } from '../../engine/formats/durable-files.ts';
import { parseArm } from '../../lab/arms.ts';
import { compare as compareArms } from '../../lab/compare.ts';
import { renderReport } from '../../lab/report/report.ts';
import { type Command, number, runtimeName, text, texts, usageError, wholeNumber } from '../command.ts';
import { readPrompts } from '../prompts.ts';
import { showComparison } from '../side-by-side.ts';

export const compare: Command = {
  name: 'compare',
  usage:
    'lab compare --arm MODEL[:ADAPTER][@decoding] … --prompts F [--report out.html] [--max-new-tokens N] [--seed S] [--training-text F]',
  summary: 'the same prompts continued by several models, side by side',
  options: {
    arm: { type: 'string', multiple: true },
    prompt: { type: 'string', multiple: true },
    prompts: { type: 'string' },
    report: { type: 'string' },
    'max-new-tokens': { type: 'string' },
    seed: { type: 'string' },
    'training-text': { type: 'string' },
  },
  run: async ({ values, positionals, progress, signal }) => {
    if (positionals.length > 0) throw usageError(compare, `"${positionals[0]}" is one word too many`);
    const written = texts(values, 'arm');
    if (written.length === 0) throw usageError(compare, 'There is no arm to compare (--arm)');
    const file = text(values, 'prompts');
    const prompts = [...texts(values, 'prompt'), ...(file === undefined ? [] : await readPrompts(file))];
    if (prompts.length === 0) throw usageError(compare, 'There is no prompt to continue');
    const comparison = await compareArms(
      {
        arms: await Promise.all(written.map(parseArm)),
        prompts,
        maxNewTokens: number(values, 'max-new-tokens', wholeNumber) ?? 128,
        seed: number(values, 'seed') ?? 1,
        runtime: runtimeName(values),
        trainingText: text(values, 'training-text'),
        atEnd: 'stop',
      },
      { signal, onProgress: (done, total) => progress.show('Writing', Math.min(1, done / total)) },
    );
    const report = text(values, 'report');
    if (report !== undefined)
      await writeFileDurably(report, renderReport({ title: 'Side by side', comparison, curves: [] }));
    const json = { prompts, arms: comparison.arms.map(({ tokens: _, pieces: __, ...arm }) => arm) };
    return { json, text: showComparison(comparison) };
  },
};
