import { expect, it } from 'vitest';
import { PLACES } from './places.ts';
import { placeOfKeys, shortcutOf } from './shortcuts.ts';

const keys = { altKey: true, shiftKey: true, ctrlKey: false, metaKey: false, code: 'Digit2' };

it('knows the screen by the place of the key, whatever sign it writes', () => {
  expect(placeOfKeys(keys)?.name).toBe('models');
  expect(placeOfKeys({ ...keys, code: 'Numpad8' })?.name).toBe('settings');
});

it('leaves all other keys to the browser and to who writes', () => {
  for (const other of [{ altKey: false }, { ctrlKey: true }, { code: 'Digit9' }, { code: 'KeyA' }])
    expect(placeOfKeys({ ...keys, ...other })).toBeUndefined();
});

it('shows the keys of the surface that it is on', () => {
  const [home] = PLACES;
  expect(shortcutOf(home!, { isDesktop: false, isMac: true }).shown).toBe('Alt+Shift+1');
  expect(shortcutOf(home!, { isDesktop: true, isMac: true }).shown).toBe('⌘1');
  expect(shortcutOf(home!, { isDesktop: true, isMac: false }).aria).toBe('Control+1');
});
