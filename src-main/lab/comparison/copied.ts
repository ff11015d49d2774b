/** The training text around what a text has copied. */

import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { LabError } from '../../engine/errors.ts';
import { openModelFolder } from '../../engine/formats/model-folder.ts';
import { loadTokenizer } from '../../engine/text/tokenizer.ts';
import { type CopiedFrom, openTraining, type TrainingSource } from '../texts/training-text.ts';

export interface CopiedRequest {
  /** Model folder: whose tokens these are. */
  readonly model: string;
  readonly training: TrainingSource;
  /** Of the text. */
  readonly tokens: readonly number[];
}

/** @throws LabError as openTraining does; 'bad-argument' where nothing is copied */
export async function findCopied({ model, training, tokens }: CopiedRequest): Promise<CopiedFrom> {
  const folder = await openModelFolder(model);
  try {
    const { geometry } = recognizeArchitecture(folder.config);
    const text = await openTraining(training, await loadTokenizer(model, geometry.vocabularySize));
    const found = await text.source(text.overlap.longest(tokens));
    if (found === null)
      throw new LabError('bad-argument', 'Nothing of this text stands in the training text.');
    return found;
  } finally {
    await folder.close();
  }
}
