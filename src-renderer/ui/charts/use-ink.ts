/** The theme's colours for a canvas: read from an element that CSS has coloured, and again whenever the theme changes. */
import { useMediaQuery } from '@vueuse/core';
import { type MaybeRefOrGetter, type ShallowRef, shallowRef, toValue, watch } from 'vue';
import type { Ink } from '../../../src-preload/contract/figure-option.ts';
import { useSettings } from '../../stores/settings.ts';

export function useInk(element: MaybeRefOrGetter<HTMLElement | null>): Readonly<ShallowRef<Ink>> {
  const settings = useSettings();
  const prefersDark = useMediaQuery('(prefers-color-scheme: dark)');
  const ink = shallowRef<Ink>({ text: 'gray', lines: 'gray', card: 'white' });
  watch(
    () => [toValue(element), settings.settings.theme, prefersDark.value] as const,
    ([coloured]) => {
      if (!coloured) return;
      const { color, borderTopColor, backgroundColor } = getComputedStyle(coloured);
      ink.value = { text: color, lines: borderTopColor, card: backgroundColor };
    },
    // After the theme is on the page.
    { immediate: true, flush: 'post' },
  );
  return ink;
}
