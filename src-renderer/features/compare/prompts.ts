/** The beginnings that are continued: typed, or taken as they are out of a file or a run's text. */

export interface Beginnings {
  /** One a line; empty lines between them do not count. */
  readonly typed: string;
  /** In place of what is typed. */
  readonly taken: TakenBeginnings | null;
}

export interface TakenBeginnings {
  /** Out of what, for people. */
  readonly from: string;
  readonly prompts: readonly string[];
  /** How the text goes on after each; empty where nobody knows. */
  readonly references: readonly string[];
}

export function promptsOf({ typed, taken }: Beginnings): readonly string[] {
  return taken?.prompts ?? typed.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** To be typed on where each is a line; what has several lines, or how a text goes on, would be lost there. */
export function beginningsOf({ from, prompts, references }: TakenBeginnings): Beginnings {
  const isTyped = references.length === 0 && prompts.every((prompt) => !/[\r\n]/.test(prompt));
  return isTyped
    ? { typed: prompts.join('\n'), taken: null }
    : { typed: '', taken: { from, prompts, references } };
}
