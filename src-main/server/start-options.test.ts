import path from 'node:path';
import { expect, it } from 'vitest';
import { readStartOptions } from './start-options.ts';

it('opens the window unless the browser is asked for, or something that only the browser can do', () => {
  expect(readStartOptions([])).toMatchObject({ inBrowser: false, open: true, port: 0 });
  expect(readStartOptions(['--browser'])).toMatchObject({ inBrowser: true, open: true });
  expect(readStartOptions(['--no-open'])).toMatchObject({ inBrowser: true, open: false });
  expect(readStartOptions(['--port', '8080'])).toMatchObject({ inBrowser: true, port: 8080 });
});

it('keeps its data where it is told, as seen from where it is started', () => {
  expect(readStartOptions(['--data-folder', 'here']).dataFolder).toBe(path.resolve('here'));
});

it.each([
  [['--prot', '8080'], /--prot.*npm start -- --help/],
  [['8080'], /8080.*npm start -- --help/],
  [['--port'], /--port/],
  [['--port', '70000'], /"70000" is no port/],
  [['--port', ''], /"" is no port/],
])('refuses %j in a sentence', (words, sentence) => {
  expect(() => readStartOptions(words)).toThrow(sentence);
});
