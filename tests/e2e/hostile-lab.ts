/** A data folder in which every name and text that comes from outside tries to be more than text. */
import { makeUsedLab } from './used-lab.ts';

/** Turns the direction of what follows it. */
export const OVERRIDE = '\u202e';
/** HTML that runs a script, a terminal's red, letters that read backwards. */
export const HOSTILE_NAME = `<img src=x onerror="window.stolen=1">\u001b[31m${OVERRIDE}gnp`;
const HOSTILE_TEXT = `<script>window.stolen=1</script>${HOSTILE_NAME}\u001b[2J once upon a time `;
export const HOSTILE_LICENCE = `<img src=x onerror=window.stolen=1>${OVERRIDE}tim`;
const MODEL_CARD = `---
license: ${HOSTILE_LICENCE}
tags: [<script>window.stolen=1</script>, &anchor, !!js/function "steal"]
---
# ${HOSTILE_NAME}
`;
const MEGABYTE = 2 ** 20;

/** @param folder an empty one. @returns the lab's data folder */
export function makeHostileLab(folder: string): Promise<string> {
  return makeUsedLab(folder, {
    name: HOSTILE_NAME,
    // One line.
    text: HOSTILE_TEXT.repeat(MEGABYTE / HOSTILE_TEXT.length + 1),
    modelCard: MODEL_CARD,
  });
}
