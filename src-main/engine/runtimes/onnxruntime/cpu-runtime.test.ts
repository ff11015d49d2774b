import { describeRuntime } from '../runtime.suite.ts';
import { CpuRuntime } from './cpu-runtime.ts';

describeRuntime('onnxruntime CPU', async () => new CpuRuntime());
