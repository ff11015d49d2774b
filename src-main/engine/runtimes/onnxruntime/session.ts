/** Opening an onnxruntime session on one of our graphs, with its failures turned into sentences. */
import ort from 'onnxruntime-node';
import { LabError } from '../../errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { type ExecutionProvider, lowerToOnnx } from './lowering.ts';

type SessionOptions = ort.InferenceSession.SessionOptions;

/** @param graph already optimized */
export async function openSession(
  graph: Graph,
  provider: ExecutionProvider,
  options: SessionOptions = {},
): Promise<ort.InferenceSession> {
  return openModel(lowerToOnnx(graph, provider), provider, options);
}

export async function openModel(
  model: Uint8Array,
  provider: ExecutionProvider,
  options: SessionOptions = {},
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
      extra: { session: { set_denormal_as_zero: '1' } },
      ...options,
    });
  } catch (cause) {
    throw runtimeError('could not prepare the computation', cause);
  }
}

/** onnxruntime reports everything as text; running out of memory is what people can do something about. */
export function runtimeError(what: string, cause: unknown): LabError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/alloc|out of memory|OutOfMemory/i.test(reason)) {
    return new LabError(
      'out-of-memory',
      'There is not enough memory for this computation. Choose a smaller batch, shorter windows or fewer trained blocks.',
      { reason },
      { cause },
    );
  }
  return new LabError('runtime-failed', `The computing engine ${what}: ${reason}`, { reason }, { cause });
}
