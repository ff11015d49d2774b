/** Which blocks learn, as a recipe says it ("last:5") and as a set of blocks, which is what one clicks on. */

/** Blocks that learn, 0-based; where the whole model learns, all of them. */
export function blocksOf(scope: string, count: number): ReadonlySet<number> {
  const [kind = '', rest = ''] = scope.split(':');
  const size = Math.min(Number(rest) || 0, count);
  const middle = Math.floor((count - size) / 2);
  const spans = rest.split(',').map((part) => part.split('-').map(Number));
  const learns = (block: number) => {
    if (kind === 'full' || kind === 'all') return true;
    if (kind === 'last') return block >= count - size;
    if (kind === 'first') return block < size;
    if (kind === 'middle') return block >= middle && block < middle + size;
    return spans.some(([low = 0, high = low]) => block + 1 >= low && block + 1 <= high);
  };
  return new Set(Array.from({ length: count }, (_, block) => block).filter(learns));
}

/** The shortest way to say that adapters are on these blocks. */
export function scopeOf(blocks: ReadonlySet<number>, count: number): string {
  const size = blocks.size;
  if (size === count) return 'all';
  const short = [`last:${size}`, `first:${size}`, `middle:${size}`].find((scope) =>
    blocks.isSubsetOf(blocksOf(scope, count)),
  );
  return size > 0 && short ? short : `blocks:${spansOf(blocks)}`;
}

/** The same wish for a model that may have fewer blocks. */
export function fittedScope(scope: string, count: number): string {
  const [kind, rest] = scope.split(':');
  // No blocks are a wish too: they are just being chosen.
  if (!rest) return scope;
  if (kind !== 'blocks') return `${kind}:${Math.min(Number(rest), count)}`;
  const blocks = blocksOf(scope, count);
  return blocks.size > 0 ? `blocks:${spansOf(blocks)}` : 'all';
}

/** Counted from 1: "3, 18-20" without the space. */
export function spansOf(blocks: Iterable<number>): string {
  const spans: [number, number][] = [];
  for (const block of [...blocks].sort((first, second) => first - second)) {
    const last = spans.at(-1);
    if (last && last[1] === block - 1) last[1] = block;
    else spans.push([block, block]);
  }
  return spans.map(([from, to]) => (from === to ? `${from + 1}` : `${from + 1}-${to + 1}`)).join(',');
}
