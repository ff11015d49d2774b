/** What a person has set; the theme is put on the page here. */
import { defineStore } from 'pinia';
import { shallowRef, watchEffect } from 'vue';
import type { Settings } from '../../src-preload/contract/shapes.ts';
import { lab } from '../lab/lab.ts';

export const useSettings = defineStore('settings', () => {
  const settings = shallowRef<Settings>({ theme: 'system' });
  lab.watch('settings', (value) => {
    settings.value = value;
  });
  watchEffect(() => {
    const { theme } = settings.value;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
  return { settings, change: (value: Settings) => lab.set('settings', value) };
});
