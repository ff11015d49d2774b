/** What a model folder holds and what the lab can do with it, from its configuration and headers: no weight is loaded. */
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { openModelFolder } from '../../engine/formats/model-folder.ts';
import { elementCount } from '../../engine/graph/value.ts';
import { allParameters, parameterLayout } from '../../engine/model/parameters.ts';
import { loadTokenizer } from '../../engine/text/tokenizer.ts';
import { readLicence } from './licence.ts';
import { trainingMemoryByScope } from './memory.ts';

export type ModelSummary = Awaited<ReturnType<typeof inspectModel>>;

/** @throws LabError where the model is broken or of a kind that the lab does not compute */
export async function inspectModel(path: string) {
  const folder = await openModelFolder(path);
  try {
    const architecture = recognizeArchitecture(folder.config);
    const { geometry } = architecture;
    const tokenizer = await loadTokenizer(path, geometry.vocabularySize);
    const layout = parameterLayout(architecture);
    const sizes = [...allParameters(layout).values()].map(elementCount);
    return {
      model: path,
      architecture: geometry.modelType,
      ...geometry,
      parameters: sizes.reduce((sum, size) => sum + size, 0),
      bytesOnDisk: folder.totalBytes,
      /** See formats/model-folder.ts. */
      fingerprint: folder.fingerprint,
      licence: await readLicence(path),
      beginsTextsWith: tokenizer.beginning,
      endOfText: folder.endOfText,
      /** Bytes by scope, an estimate: see memory.ts. */
      trainingMemoryBytes: trainingMemoryByScope(architecture, layout),
      unsupported: [],
    };
  } finally {
    await folder.close();
  }
}
