/**
 * The rule of the stand-in: what it does not represent fails loudly. Reading a member of Electron that is missing here
 * throws, instead of giving undefined, which the app might take for an answer.
 */
import type { EventEmitter } from 'node:events';

type Listening = 'on' | 'once' | 'off' | 'addListener' | 'removeListener' | 'removeAllListeners';

/** Members of one of Electron's types, with Electron's own signatures; listeners are Node's. */
export type Represented<Type, Member extends keyof Type> = Pick<Type, Exclude<Member, Listening>> &
  EventEmitter;

/** Members that Node, or code that asks first, looks for though they need not exist. */
const ASKED_FOR = new Set(['then', 'dock', 'toJSON', 'constructor', 'domain', 'inspect', '_events']);

/**
 * @param target an object, or the prototype of a class. The guard goes above it in its chain of prototypes, so the object
 *   itself stays the same, and `event.sender === window.webContents` holds as in Electron
 */
export function strictly<Target extends object>(name: string, target: Target): Target {
  const above = Object.create(Object.getPrototypeOf(target));
  const guard = new Proxy(above, {
    get(object, key, receiver) {
      if (typeof key === 'symbol' || key in object || key.startsWith('_') || ASKED_FOR.has(key))
        return Reflect.get(object, key, receiver);
      throw new Error(`The Electron stand-in does not represent ${name}.${key}.`);
    },
  });
  return Object.setPrototypeOf(target, guard);
}

export interface Preventable {
  defaultPrevented: boolean;
  preventDefault(): void;
}

/** An event of Electron's, with what else belongs to it. */
export function preventable<Details extends object>(details?: Details): Preventable & Details {
  const event = {
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return Object.assign(event, details);
}
