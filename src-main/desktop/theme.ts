/** Window frames, menus and dialogs follow the theme that the page is set to. */
import { nativeTheme } from 'electron';
import type { Settings } from '../../src-preload/contract/endpoints/system.ts';
import type { SignalSource } from '../../src-preload/contract/server.ts';

export function followTheme(settings: SignalSource<Settings>): void {
  const apply = () => {
    nativeTheme.themeSource = settings.read().theme;
  };
  settings.subscribe(apply);
  apply();
}
