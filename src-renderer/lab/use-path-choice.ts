/**
 * Choosing a folder or a file of this computer: with the system's own dialog where the desktop has one, else with the
 * lab's (PathPicker, to be shown while `isPicking`). What is chosen goes to `take`, whichever way it came.
 */
import { shallowRef } from 'vue';
import type { Choice } from '../../src-preload/contract/endpoints/desktop.ts';
import { lab } from './lab.ts';
import { useAction } from './use-action.ts';

/** @param take adds the path to the lab; what it throws becomes `problem` */
export function usePathChoice(kind: Choice, take: (path: string) => Promise<unknown>) {
  const isPicking = shallowRef(false);
  const { isBusy, problem, run } = useAction(async (path: string | null) => {
    const chosen = path ?? (await ask());
    if (chosen === null) return;
    await take(chosen);
    isPicking.value = false;
  });

  async function ask(): Promise<string | null> {
    const { dialogs } = await lab.call('desktop.capabilities', null);
    if (dialogs) return (await lab.call('desktop.choose', { kind })).path;
    isPicking.value = true;
    return null;
  }

  return {
    isPicking,
    isBusy,
    problem,
    /** For the button. */
    choose: () => run(null),
    /** For a path that is known already: from PathPicker, or dropped. */
    take: (path: string) => run(path),
  };
}
