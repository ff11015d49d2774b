/** Failures of native libraries, which are text, turned into sentences. */
import { LabError } from '../errors.ts';

/** Running out of memory is what people can do something about. */
export function runtimeError(what: string, cause: unknown): LabError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/alloc|out of memory|OutOfMemory|OOM/i.test(reason)) {
    return new LabError(
      'out-of-memory',
      'There is not enough memory for this computation. Choose a smaller batch, shorter windows or fewer trained blocks.',
      { reason },
      { cause },
    );
  }
  return new LabError('runtime-failed', `The computing engine ${what}: ${reason}`, { reason }, { cause });
}
