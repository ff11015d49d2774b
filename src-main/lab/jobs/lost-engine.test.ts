import { expect, it } from 'vitest';
import { lostEngine } from './lost-engine.ts';

it.each([
  [null, 'SIGKILL', 3, 3, 'killed'],
  [null, 'SIGKILL', 3, 4, 'out-of-memory'],
  [null, 'SIGKILL', undefined, undefined, 'killed'],
  [137, null, 3, 4, 'out-of-memory'],
  [null, 'SIGABRT', 3, 3, 'native-abort'],
  [139, null, 3, 3, 'native-abort'],
  [-1073741819, null, undefined, undefined, 'native-abort'],
  [0xe0000008, null, undefined, undefined, 'out-of-memory'],
  [null, 'SIGTERM', 3, 3, 'killed'],
  [7, null, 3, 3, 'unknown'],
] as const)(
  'tells why a process is gone: code %s, signal %s, kills %s → %s: %s',
  (code, signal, before, now, cause) => {
    const error = lostEngine(code, signal, before, now);
    expect(error).toMatchObject({ code: 'engine-lost', data: { cause, code, signal } });
    expect(error.message).toContain(error.data.reason);
  },
);
