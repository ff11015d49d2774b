import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

vi.mock('electron', () => import('./electron.fake.ts'));
const { fake } = await import('./electron.fake.ts');
const { showWindow } = await import('./window.ts');

let folder: string;
let file: string;
beforeEach(() => {
  fake.reset();
  folder = mkdtempSync(path.join(os.tmpdir(), 'window-'));
  file = path.join(folder, 'window.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Opens the window and waits until it is seen. */
function open() {
  showWindow(file);
  const window = fake.windows[0]!;
  window.emit('ready-to-show');
  return window;
}

it('opens one window, then brings that one to the front', () => {
  const window = open();
  expect(window.url).toBe('app://lab/');
  expect(window.isShown).toBe(true);
  window.minimized = true;
  showWindow(file);
  expect(fake.windows).toEqual([window]);
  expect(window.minimized).toBe(false);
  expect(window.isFocused).toBe(true);
});

it('comes again where it was closed', () => {
  const place = { x: 200, y: 100, width: 1200, height: 700 };
  writeFileSync(file, JSON.stringify({ bounds: place, isMaximized: false }));
  const first = open();
  expect(first.options).toMatchObject(place);
  expect(first.maximized).toBe(false);
  first.maximize();
  first.close();
  const second = open();
  expect(second.options).toMatchObject(place);
  expect(second.maximized).toBe(true);
});

it.each([
  ['no file', undefined],
  ['half a file', '{"bounds": {"x": 1'],
  ['another shape', '{"bounds": {"x": "1"}}'],
  ['a size too small to use', '{"bounds": {"x":0,"y":0,"width":10,"height":10},"isMaximized":false}'],
  ['a screen that is gone', '{"bounds": {"x":2500,"y":100,"width":1200,"height":700},"isMaximized":false}'],
  [
    'a title bar above the screen',
    '{"bounds": {"x":0,"y":-300,"width":1200,"height":700},"isMaximized":false}',
  ],
])('comes in the middle in its usual size after %s', (_what, content) => {
  if (content !== undefined) writeFileSync(file, content);
  const { options } = open();
  expect(options).toMatchObject({ width: 1280, height: 860 });
  expect(options.x).toBeUndefined();
});

it('comes on a second screen that is still there', () => {
  fake.screens.push({ x: 1920, y: 0, width: 1920, height: 1080 });
  writeFileSync(file, '{"bounds": {"x":2500,"y":100,"width":1200,"height":700},"isMaximized":false}');
  expect(open().options.x).toBe(2500);
});

it('closes where its place cannot be kept', () => {
  const window = open();
  rmSync(folder, { recursive: true });
  window.close();
  expect(fake.windows).toEqual([]);
  showWindow(file);
  expect(fake.windows).toHaveLength(1);
  folder = mkdtempSync(path.join(os.tmpdir(), 'window-'));
});

it('keeps its place as JSON that can be read', () => {
  open().close();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    bounds: expect.objectContaining({ width: 1280, height: 860 }),
    isMaximized: false,
  });
});
