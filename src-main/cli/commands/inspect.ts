/** lab inspect: what a model folder holds, and what the lab can do with it. */
import { inspectModel, type ModelSummary } from '../../lab/models/inspect-model.ts';
import { type Command, onlyPositional } from '../command.ts';
import { table } from '../table.ts';

export const inspect: Command = {
  name: 'inspect',
  usage: 'lab inspect MODEL',
  summary: 'architecture, blocks, parameters, memory, what is unsupported',
  options: {},
  run: async (context) => {
    const summary = await inspectModel(onlyPositional(inspect, context, 'model folder'));
    return { json: summary, text: describe(summary) };
  },
};

function describe(summary: ModelSummary): string {
  const { blocks, width, heads, keyValueHeads, vocabularySize, contextLength } = summary;
  const memory = Object.entries(summary.trainingMemoryBytes).map(
    ([scope, bytes]) => `${scope} ${megabytes(bytes)}`,
  );
  return table([
    ['Architecture', summary.architecture],
    ['Blocks', `${blocks}, ${width} wide, ${heads} heads (${keyValueHeads} for keys)`],
    ['Vocabulary', `${vocabularySize} tokens`],
    ['Context', `${contextLength} tokens`],
    ['Parameters', `${(summary.parameters / 1e6).toFixed(2)} million`],
    ['On disk', megabytes(summary.bytesOnDisk)],
    ['Licence', summary.licence ?? 'not stated'],
    ['Memory to train (estimate)', memory.join(', ')],
    ['Unsupported', 'nothing'],
  ]);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
