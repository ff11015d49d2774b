import { describe, it } from 'vitest';
import { describeRuntime } from '../runtime.suite.ts';
import { WebGpuRuntime } from './webgpu-runtime.ts';

const reason = await WebGpuRuntime.open().then(
  (runtime) => runtime.close().then(() => undefined),
  (error) => `${error.message} (${error.data.reason})`,
);

if (reason === undefined) describeRuntime('onnxruntime WebGPU', () => WebGpuRuntime.open());
else describe('the onnxruntime WebGPU runtime', () => it.skip(`is not here: ${reason}`, () => {}));
