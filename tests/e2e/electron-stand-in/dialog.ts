/** dialog: nobody sits before the stand-in, so the test says beforehand what each dialog gives back. */
import { strictly } from './represented.ts';
import { onCommand, record } from './test-line.ts';
import { BrowserWindow } from './window.ts';

const prepared = new Map<string, unknown[]>();
onCommand('answer', ({ dialog: name, answers }) =>
  prepared.set(name, [...(prepared.get(name) ?? []), ...answers]),
);

/** @param given a window that the dialog belongs to, perhaps, and its options */
function ask(name: string, given: readonly unknown[]): unknown {
  record(
    `dialog.${name}`,
    given.find((one) => !(one instanceof BrowserWindow)),
  );
  const answers = prepared.get(name) ?? [];
  if (answers.length === 0) throw new Error(`The test has prepared no answer for dialog.${name}.`);
  return answers.shift();
}

export const dialog = strictly('dialog', {
  showOpenDialog: async (...given: unknown[]) => ask('showOpenDialog', given),
  showMessageBox: async (...given: unknown[]) => ask('showMessageBox', given),
  showErrorBox: (title: string, content: string) => record('dialog.showErrorBox', { title, content }),
});
