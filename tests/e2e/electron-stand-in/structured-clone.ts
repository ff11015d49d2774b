/**
 * Structured clone as text, for the DevTools protocol carries nothing else. The function is sent to the page as source, so
 * it refers to nothing outside itself.
 */

export interface Codec {
  encode(value: unknown): string;
  /** @param text from encode */
  decode(text: string): unknown;
}

/** Tagged values: what JSON has is itself, everything else is a list that begins with its kind. */
type Coded = string | boolean | number | null | readonly [kind: string, ...parts: unknown[]];

export function makeCodec(): Codec {
  function encode(value: unknown): string {
    // The platform's own clone comes first: it refuses functions, proxies and elements, and drops prototypes.
    return JSON.stringify(code(structuredClone(value), []));
  }

  function code(value: unknown, above: readonly object[]): Coded {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (value === undefined) return ['undefined'];
    if (typeof value === 'number') return Number.isFinite(value) ? value : ['number', String(value)];
    if (typeof value === 'bigint') return ['bigint', String(value)];
    if (typeof value !== 'object') throw uncloneable(typeof value);
    if (above.includes(value)) throw uncloneable('a value that holds itself');
    const part = (one: unknown) => code(one, [...above, value]);
    // By name and not by class: values come from other worlds, whose classes are others.
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    if (Array.isArray(value)) return ['Array', value.map(part)];
    if (value instanceof Date) return ['Date', Number(value)];
    if (value instanceof Map) return ['Map', [...value].map(([key, one]) => [part(key), part(one)])];
    if (value instanceof Set) return ['Set', [...value].map(part)];
    if (value instanceof ArrayBuffer) return ['ArrayBuffer', [...new Uint8Array(value)]];
    if (ArrayBuffer.isView(value)) {
      const bytes = value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength);
      return ['View', kind, part(bytes)];
    }
    if (value instanceof Error) return ['Error', value.message, value.stack ?? ''];
    if (kind === 'Object') return ['Object', Object.entries(value).map(([key, one]) => [key, part(one)])];
    throw uncloneable(kind);
  }

  function decode(text: string): unknown {
    return value(JSON.parse(text));
  }

  function value(coded: Coded): unknown {
    if (!Array.isArray(coded)) return coded;
    const [kind, first, second] = coded;
    const pairs = (of: (key: never) => unknown): [unknown, unknown][] =>
      first.map(([key, one]: [never, Coded]) => [of(key), value(one)]);
    switch (kind) {
      case 'undefined':
        return undefined;
      case 'number':
        return Number(first);
      case 'bigint':
        return BigInt(first);
      case 'Array':
        return first.map(value);
      case 'Date':
        return new Date(first);
      case 'Map':
        return new Map(pairs(value));
      case 'Set':
        return new Set(first.map(value));
      case 'ArrayBuffer':
        return new Uint8Array(first).buffer;
      case 'View':
        return Reflect.construct(Reflect.get(globalThis, first), [value(second)]);
      case 'Error':
        return Object.assign(new Error(first), { stack: second });
      default:
        return Object.fromEntries(pairs((key) => key));
    }
  }

  function uncloneable(what: string): Error {
    return new Error(`An object could not be cloned (${what}).`);
  }

  return { encode, decode };
}
