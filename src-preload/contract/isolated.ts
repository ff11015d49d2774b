/** A name within a sentence: letters of it that turn the direction turn nothing after it. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
