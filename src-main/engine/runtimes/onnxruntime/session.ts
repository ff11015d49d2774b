/** Opening an onnxruntime session on one of our graphs. */
import ort from 'onnxruntime-node';
import type { Graph } from '../../graph/graph.ts';
import { runtimeError } from '../runtime-error.ts';
import { type FixedForms, folderOf } from './fixed-forms.ts';
import { lowerToOnnx } from './lowering/lowering.ts';
import type { ExecutionProvider } from './lowering/onnx-writer.ts';

type SessionOptions = ort.InferenceSession.SessionOptions;

/**
 * @param graph already optimized
 * @param fixed inputs that the session takes in as constants: onnxruntime packs matrices in the order in which they are read
 */
export async function openSession(
  graph: Graph,
  provider: ExecutionProvider,
  options: SessionOptions = {},
  fixed: FixedForms = new Map(),
): Promise<ort.InferenceSession> {
  const { model, beside } = lowerToOnnx(graph, provider, fixed);
  const externalData = [...beside].map(([path, data]) => ({ path, data }));
  return openModel(model, provider, { ...options, externalData }, folderOf(fixed));
}

/** @param folder of files that the model's constants lie in */
export async function openModel(
  model: Uint8Array,
  provider: ExecutionProvider,
  options: SessionOptions = {},
  folder?: string,
): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: [provider],
      graphOptimizationLevel: 'all',
      // Warnings of onnxruntime speak of nodes and kernels: nothing a person at the lab could act on.
      logSeverityLevel: 3,
      // onnxruntime's arena and memory plan keep twice to three times the memory that a training step needs at once;
      // plain allocation was measured no slower.
      enableCpuMemArena: false,
      enableMemPattern: false,
      // Near-zero loss makes gradients and moments denormal, on which CPUs are many times slower.
      extra: {
        session: {
          set_denormal_as_zero: '1',
          // A session's idle threads would turn in circles for the next call and take the processor from other sessions:
          // with the two parts of a divided decoder, a token took twice as long.
          force_spinning_stop: '1',
          ...(folder !== undefined && { model_external_initializers_file_folder_path: folder }),
        },
      },
      ...options,
    });
  } catch (cause) {
    throw runtimeError('could not prepare the computation', cause);
  }
}
