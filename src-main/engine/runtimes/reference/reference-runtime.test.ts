import { describeRuntime } from '../runtime.suite.ts';
import { ReferenceRuntime } from './reference-runtime.ts';

describeRuntime('reference', async () => new ReferenceRuntime());
