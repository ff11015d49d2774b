/** The app's end of the line to the test. The app itself does not see it: Electron's main process has no `process.send`. */
import { EventEmitter } from 'node:events';
import type { FromApp, ToApp } from './messages.ts';

const send = process.send?.bind(process);
Object.defineProperty(process, 'send', { value: undefined });

/** Hears the test's commands of one kind. */
export function onCommand<Kind extends ToApp['kind']>(
  kind: Kind,
  listener: (command: Extract<ToApp, { kind: Kind }>) => void,
): void {
  process.on('message', (command: ToApp) => {
    if (command.kind === kind) listener(command as Extract<ToApp, { kind: Kind }>);
  });
}

export function tell(message: FromApp): void {
  // A test that has just gone is no reason to fail.
  if (process.connected) send?.(message, undefined, {}, () => {});
}

/** Tells the test of a call; what is no plain data (a window, a function) is left out. */
export function record(name: string, detail: unknown = null): void {
  tell({ kind: 'call', call: { name, detail: JSON.parse(JSON.stringify(detail, withoutObjectsOfOurs)) } });
}

function withoutObjectsOfOurs(_key: string, value: unknown): unknown {
  return value instanceof EventEmitter ? undefined : value;
}

/** Members that do nothing but tell that they were called. */
export function recording<Name extends string>(
  owner: string,
  names: readonly Name[],
): Record<Name, (...details: unknown[]) => void> {
  const members = names.map((name) => [
    name,
    (...details: unknown[]) => record(`${owner}.${name}`, details.length > 1 ? details : details[0]),
  ]);
  return Object.fromEntries(members);
}
