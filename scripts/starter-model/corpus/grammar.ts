/**
 * A small template language. `[one|other]` chooses one of its parts (they nest, and a part may be empty); `{slot}` is
 * asked of a scope, and `{Slot}` begins with a capital letter. What a slot gives may itself be a template's result.
 * Templates are parsed once and kept.
 */
import type { Random } from '../../../src-main/engine/random.ts';
import { pick } from '../draw.ts';

/** Gives the text of a slot. */
export type Scope = (slot: string) => string;

type Part = string | { slot: string; capital: boolean } | { choices: Part[][] };

const parsed = new Map<string, Part[]>();

/** Writes a template out, choosing at random and asking `scope` for every slot. */
export function expand(template: string, scope: Scope, random: Random): string {
  let parts = parsed.get(template);
  if (parts === undefined) {
    parts = parse(template);
    parsed.set(template, parts);
  }
  return write(parts, scope, random);
}

function write(parts: readonly Part[], scope: Scope, random: Random): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else if ('choices' in part) text += write(pick(random, part.choices), scope, random);
    else text += part.capital ? capitalize(scope(part.slot)) : scope(part.slot);
  }
  return text;
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function parse(template: string): Part[] {
  const pieces = template.match(/\{\w+(?:\.\w+)?\}|[[\]|]|[^[\]|{}]+/g) ?? [];
  if (pieces.join('') !== template) throw new Error(`This template has a stray brace: ${template}`);
  let position = 0;

  function sequence(depth: number): Part[] {
    const parts: Part[] = [];
    for (; position < pieces.length; position++) {
      const piece = pieces[position]!;
      if (depth > 0 && (piece === '|' || piece === ']')) return parts;
      if (piece === '|' || piece === ']') throw new Error(`This template has a stray ${piece}: ${template}`);
      if (piece === '[') parts.push({ choices: choices(depth + 1) });
      else if (piece.startsWith('{')) parts.push(slot(piece.slice(1, -1)));
      else parts.push(piece);
    }
    if (depth > 0) throw new Error(`This template misses a closing bracket: ${template}`);
    return parts;
  }

  function choices(depth: number): Part[][] {
    const all: Part[][] = [];
    do {
      position++;
      all.push(sequence(depth));
    } while (pieces[position] === '|');
    return all;
  }

  return sequence(0);
}

function slot(name: string): Part {
  const lower = name.charAt(0).toLowerCase() + name.slice(1);
  return { slot: lower, capital: lower !== name };
}

/**
 * The last touches that only the finished text shows: a or an, the comma between speech and speaker (`."` before a
 * lower-case word), and single spaces where an optional part was empty.
 */
export function polish(text: string): string {
  return text
    .replace(/ {2,}/g, ' ')
    .replace(/ +$/gm, '')
    .replace(/\b([Aa]) (?=(?!one\b|once\b|use|uni)[aeiou]|hour|honest)/g, '$1n ')
    .replace(/\."(?= [a-z])/g, ',"');
}
