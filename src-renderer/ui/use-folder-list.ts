/**
 * The folder that is looked into and the field that names it. The last one asked for counts, and an answer never takes away
 * what a person has typed while it was on its way.
 */
import { shallowRef } from 'vue';
import type { FolderList } from '../../src-preload/contract/endpoints/system.ts';
import { lab } from '../lab/lab.ts';
import { reasonOf } from '../lab/reason-of.ts';

export function useFolderList() {
  const list = shallowRef<FolderList>();
  const typed = shallowRef('');
  const problem = shallowRef('');
  let asked = 0;

  /** @param folders the first of them that can be read; null: where the lab would begin */
  async function go(...folders: (string | null)[]): Promise<void> {
    const number = ++asked;
    const typedBefore = typed.value;
    problem.value = '';
    for (const folder of folders) {
      const found = await lab.call('folders.list', { folder }).catch((error: unknown) => {
        if (number === asked) problem.value = reasonOf(error);
      });
      if (number !== asked) return;
      if (!found) continue;
      problem.value = '';
      list.value = found;
      if (typed.value === typedBefore) typed.value = found.folder;
      return;
    }
  }

  return { list, typed, problem, go };
}
