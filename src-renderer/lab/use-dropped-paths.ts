/**
 * Folders and files that are dropped on a part of the page, as paths. Only the desktop app can tell a page where a dropped
 * file lies; in a browser `problem` says what to do instead.
 */
import { useDropZone } from '@vueuse/core';
import { type MaybeRefOrGetter, shallowRef } from 'vue';

/** @param take gets the paths, at least one; `document` as the zone makes the whole screen one */
export function useDroppedPaths(
  zone: MaybeRefOrGetter<HTMLElement | Document | null | undefined>,
  take: (paths: string[]) => unknown,
) {
  const problem = shallowRef('');
  const { isOverDropZone } = useDropZone(zone, {
    checkValidity: (items) => Array.from(items).some(({ kind }) => kind === 'file'),
    onDrop: (files) => {
      problem.value = '';
      const paths = (files ?? []).map(pathOf).filter((path) => path !== '');
      if (paths.length > 0) void take(paths);
      else problem.value = window.hyperfitLab ? NO_PLACE : IN_BROWSER;
    },
  });
  return { isOver: isOverDropZone, problem };
}

/** Empty where it is not known. */
function pathOf(file: File): string {
  return window.hyperfitLab?.pathOf(file) ?? '';
}

const IN_BROWSER =
  'A browser does not tell where a dropped file lies. Please choose it with the button; the desktop app takes dropped files.';
const NO_PLACE =
  'What was dropped does not lie in a folder of this computer. Please save it to a file first, and drop that.';
