/** lab inspect: what a model folder holds, and what the lab can do with it. Nothing is loaded. */
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { openModelFolder } from '../../engine/formats/model-folder.ts';
import { elementCount } from '../../engine/graph/value.ts';
import { allParameters, parameterLayout } from '../../engine/model/parameters.ts';
import { loadTokenizer } from '../../engine/text/tokenizer.ts';
import { trainingMemory } from '../../lab/memory.ts';
import { type Command, onlyPositional } from '../command.ts';
import { table } from '../table.ts';

export const inspect: Command = {
  name: 'inspect',
  usage: 'lab inspect MODEL',
  summary: 'architecture, blocks, parameters, memory, what is unsupported',
  options: {},
  run: async (context) => {
    const path = onlyPositional(inspect, context, 'model folder');
    const folder = await openModelFolder(path);
    try {
      const architecture = recognizeArchitecture(folder.config);
      const { geometry } = architecture;
      const tokenizer = await loadTokenizer(path, geometry.vocabularySize);
      const layout = parameterLayout(architecture);
      const parameters = [...allParameters(layout).values()].reduce(
        (sum, shape) => sum + elementCount(shape),
        0,
      );
      const memory = trainingMemory(architecture, layout);
      const json = {
        model: path,
        architecture: geometry.modelType,
        ...geometry,
        parameters,
        bytesOnDisk: folder.totalBytes,
        beginsTextsWith: tokenizer.beginning,
        endOfText: folder.endOfText,
        trainingMemoryBytes: memory,
        unsupported: [],
      };
      const rows: [string, string][] = [
        ['Architecture', geometry.modelType],
        [
          'Blocks',
          `${geometry.blocks}, ${geometry.width} wide, ${geometry.heads} heads (${geometry.keyValueHeads} for keys)`,
        ],
        ['Vocabulary', `${geometry.vocabularySize} tokens`],
        ['Context', `${geometry.contextLength} tokens`],
        ['Parameters', `${(parameters / 1e6).toFixed(2)} million`],
        ['On disk', megabytes(folder.totalBytes)],
        [
          'Memory to train (estimate)',
          Object.entries(memory)
            .map(([scope, bytes]) => `${scope} ${megabytes(bytes)}`)
            .join(', '),
        ],
        ['Unsupported', 'nothing'],
      ];
      return { json, text: table(rows) };
    } finally {
      await folder.close();
    }
  },
};

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
