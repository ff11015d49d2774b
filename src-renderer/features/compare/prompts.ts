/** Beginnings as they are typed: one a line, empty lines between them do not count. */
export function promptsOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}
