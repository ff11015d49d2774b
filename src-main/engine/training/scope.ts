/**
 * What learns: everything (`full`), or adapters on some blocks. Blocks are counted from 1 in what people write and
 * read, and from 0 inside.
 */
import type { ModelGeometry } from '../architectures/architecture.ts';
import { LabError } from '../errors.ts';

export type Scope =
  | { readonly kind: 'full' }
  /** Adapters on these blocks, ascending, 0-based. */
  | { readonly kind: 'adapter'; readonly blocks: readonly number[] };

export const SCOPE_FORMS = 'full, all, last:K, first:K, middle:K or blocks:a,b-c';

/** @param text one of SCOPE_FORMS, e.g. "last:5" (Late-Stage LoRA) or "blocks:1,18-22". */
export function parseScope(text: string, { blocks: count }: Pick<ModelGeometry, 'blocks'>): Scope {
  if (text === 'full') return { kind: 'full' };
  if (text === 'all') return { kind: 'adapter', blocks: range(0, count) };
  const [, name, argument] = /^(last|first|middle|blocks):(.+)$/.exec(text) ?? [];
  if (name === undefined || argument === undefined) {
    throw new LabError('bad-argument', `"${text}" does not say which layers learn. Write ${SCOPE_FORMS}.`, {
      scope: text,
    });
  }
  if (name === 'blocks') return { kind: 'adapter', blocks: parseBlocks(argument, count) };
  const size = wholeNumber(argument, text);
  if (size > count) {
    throw new LabError('bad-argument', `"${text}" asks for ${size} blocks, but this model has ${count}.`, {
      scope: text,
      blocks: count,
    });
  }
  const start = { first: 0, last: count - size, middle: Math.floor((count - size) / 2) }[
    name as 'first' | 'last' | 'middle'
  ];
  return { kind: 'adapter', blocks: range(start, start + size) };
}

/** In words: "blocks 18-22 of 22". */
export function describeScope(scope: Scope, { blocks: count }: Pick<ModelGeometry, 'blocks'>): string {
  if (scope.kind === 'full') return 'the whole model';
  if (scope.blocks.length === count) return `adapters on all ${count} blocks`;
  const spans: [number, number][] = [];
  for (const block of scope.blocks) {
    const last = spans.at(-1);
    if (last && last[1] === block - 1) last[1] = block;
    else spans.push([block, block]);
  }
  const shown = spans.map(([from, to]) => (from === to ? `${from + 1}` : `${from + 1}-${to + 1}`));
  return `adapters on blocks ${shown.join(', ')} of ${count}`;
}

function parseBlocks(text: string, count: number): number[] {
  const chosen = new Set<number>();
  for (const part of text.split(',')) {
    const ends = part.split('-').map((number) => wholeNumber(number.trim(), `blocks:${text}`));
    const [from, to] = [ends[0]!, ends.at(-1)!];
    if (ends.length > 2 || from > to) {
      throw new LabError('bad-argument', `"${part}" is not a block or a range of blocks such as 18-22.`, {
        part,
      });
    }
    if (to > count) {
      throw new LabError('bad-argument', `Block ${to} does not exist: this model has blocks 1 to ${count}.`, {
        block: to,
      });
    }
    for (let block = from; block <= to; block++) chosen.add(block - 1);
  }
  return [...chosen].sort((first, second) => first - second);
}

function wholeNumber(text: string, scope: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new LabError('bad-argument', `"${scope}" needs whole numbers from 1 on, not "${text}".`, { scope });
  }
  return number;
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
