/** What a person has set; the theme is put on the page here. */
import { defineStore } from 'pinia';
import { computed, watchEffect } from 'vue';
import { type Settings, settingsSchema } from '../../src-preload/contract/endpoints/system.ts';
import { lab } from '../lab/lab.ts';
import { useSignal } from '../lab/use-signal.ts';

export const useSettings = defineStore('settings', () => {
  const told = useSignal('settings');
  const settings = computed(() => told.value ?? settingsSchema.parse({}));
  watchEffect(() => {
    const { theme } = settings.value;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
  return {
    settings,
    change: (changes: Partial<Settings>) => lab.set('settings', { ...settings.value, ...changes }),
  };
});
