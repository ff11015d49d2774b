import { expect, it } from 'vitest';
import { preventable, strictly } from './represented.ts';

class Tray {
  title = 'lab';
  show(): string {
    return this.title;
  }
}
strictly('Tray', Tray.prototype);

it('leaves what is there as it is', () => {
  const tray = new Tray();
  expect(tray.show()).toBe('lab');
  expect(tray).toBeInstanceOf(Tray);
});

it('throws where something is read that is not represented', () => {
  const tray = new Tray() as unknown as Record<string, unknown>;
  expect(() => tray.setImage).toThrow('The Electron stand-in does not represent Tray.setImage.');
  expect(() => Reflect.get(strictly('shell', { beep: () => {} }), 'trashItem')).toThrow(/shell\.trashItem/);
});

it('can be awaited and printed all the same', async () => {
  const tray = new Tray();
  expect(await tray).toBe(tray);
  expect(JSON.stringify(tray)).toBe('{"title":"lab"}');
});

it('remembers that an event was prevented', () => {
  const event = preventable({ url: 'app://lab/' });
  expect(event).toMatchObject({ url: 'app://lab/', defaultPrevented: false });
  event.preventDefault();
  expect(event.defaultPrevented).toBe(true);
});
