/** A model ready to work with: folder, architecture, tokenizer and weights on a runtime. */
import type { Architecture } from '../../engine/architectures/architecture.ts';
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { readAdapter } from '../../engine/formats/adapter.ts';
import { type ModelFolder, openModelFolder } from '../../engine/formats/model-folder.ts';
import { Decoder } from '../../engine/generation/decoder.ts';
import { adapterOverlay, NO_OVERLAY, type Overlay } from '../../engine/model/overlay.ts';
import { Weights } from '../../engine/model/weights.ts';
import type { RuntimeOptions } from '../../engine/runtimes/open-runtime.ts';
import type { WeightPrecision } from '../../engine/runtimes/quantize.ts';
import type { Runtime } from '../../engine/runtimes/runtime.ts';
import { loadTokenizer, type Tokenizer } from '../../engine/text/tokenizer.ts';
import { openRuntimeHere } from '../packs/open-runtime.ts';

export interface OpenModel {
  readonly folder: ModelFolder;
  readonly architecture: Architecture;
  readonly tokenizer: Tokenizer;
  readonly runtime: Runtime;
  readonly weights: Weights;
  readonly decoder: Decoder;
  /** The adapter in this folder, laid over the model; none without a folder. */
  overlay(adapterFolder: string | undefined): Promise<Overlay>;
  close(): Promise<void>;
}

export interface OpeningOptions extends Pick<RuntimeOptions, 'threads' | 'products'> {
  /** The model is there to write, and for nothing else that needs its weights: how its decoder keeps them. */
  readonly writesIn?: WeightPrecision | undefined;
}

/** Everything is checked before any weight is loaded. */
export async function openModel(
  path: string,
  runtimeName: string,
  { threads, products, writesIn }: OpeningOptions = {},
): Promise<OpenModel> {
  const folder = await openModelFolder(path);
  try {
    const architecture = recognizeArchitecture(folder.config);
    const tokenizer = await loadTokenizer(path, architecture.geometry.vocabularySize);
    const runtime = await openRuntimeHere(runtimeName, { threads, products });
    const weights = new Weights(folder, architecture, runtime);
    const decoder = new Decoder(architecture, weights, writesIn ?? 'shared');
    return {
      folder,
      architecture,
      tokenizer,
      runtime,
      weights,
      decoder,
      overlay: async (adapterFolder) =>
        adapterFolder === undefined
          ? NO_OVERLAY
          : adapterOverlay(await readAdapter(adapterFolder), architecture, runtime),
      close: async () => {
        await decoder.release();
        await weights.release();
        await runtime.close();
        await folder.close();
      },
    };
  } catch (error) {
    await folder.close();
    throw error;
  }
}
