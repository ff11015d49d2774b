/** lab compare: the same prompts continued by several arms, side by side. */
import { writeFileDurably } from '../../engine/formats/durable-files.ts';
import { parseArm } from '../../lab/comparison/arms.ts';
import { compare as compareArms } from '../../lab/comparison/compare.ts';
import { renderReport } from '../../lab/report/report.ts';
import { type Command, number, runtimeName, text, texts, usageError, wholeNumber } from '../command.ts';
import { DEFAULT_NEW_TOKENS, givenPrompts, PROMPT_OPTIONS } from '../prompts.ts';
import { showComparison } from '../side-by-side.ts';

export const compare: Command = {
  name: 'compare',
  usage:
    'lab compare --arm MODEL[:ADAPTER][@decoding] … --prompts F [--report out.html] [--max-new-tokens N] [--seed S] [--training-text F]',
  summary: 'the same prompts continued by several models, side by side',
  options: {
    arm: {
      type: 'string',
      multiple: true,
      takes: 'ARM',
      help: 'MODEL[:ADAPTER][@decoding], such as models/tiny:runs/a/adapter@top-p=0.9; several. In less memory: @greedy,8-bit',
    },
    ...PROMPT_OPTIONS,
    report: { type: 'string', takes: 'FILE', help: 'also write an HTML report' },
    seed: { type: 'string', takes: 'N', help: 'of chance, where a decoding takes any (1)' },
    'training-text': {
      type: 'string',
      takes: 'FILE',
      help: 'text that was trained on: copied runs are measured, and the citation blocker avoids them',
    },
  },
  run: async ({ values, positionals, progress, signal }) => {
    if (positionals.length > 0) throw usageError(compare, `"${positionals[0]}" is one word too many`);
    const written = texts(values, 'arm');
    if (written.length === 0) throw usageError(compare, 'There is no arm to compare (--arm)');
    const prompts = await givenPrompts(values);
    if (prompts.length === 0) throw usageError(compare, 'There is no prompt to continue');
    const comparison = await compareArms(
      {
        arms: await Promise.all(written.map(parseArm)),
        prompts,
        maxNewTokens: number(values, 'max-new-tokens', wholeNumber) ?? DEFAULT_NEW_TOKENS,
        seed: number(values, 'seed') ?? 1,
        runtime: runtimeName(values),
        trainingText: text(values, 'training-text'),
        atEnd: 'stop',
      },
      { signal, onProgress: (done, total) => progress.show('Writing', Math.min(1, done / total)) },
    );
    const report = text(values, 'report');
    if (report !== undefined)
      await writeFileDurably(report, renderReport({ title: 'Side by side', comparison }));
    const json = {
      prompts,
      arms: comparison.arms.map(({ measures, texts, ...arm }) => ({
        ...arm,
        metrics: mapValues(measures, ({ value }) => value),
        differences: mapValues(measures, ({ difference }) => difference),
        texts: texts.map(({ pieces }) => pieces.join('')),
      })),
    };
    return { json, text: showComparison(comparison) };
  },
};

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
