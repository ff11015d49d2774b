import { expect, it } from 'vitest';
import { exampleRun } from './example-run.ts';
import { howForetoldWords } from './foretold-words.ts';

const ESTIMATE = { memoryBytes: 1, diskBytes: 1, secondsLow: 1, seconds: 1, secondsHigh: 2 };

it('says where the estimate of a run came from, and that an early end shortened it', () => {
  const words = (how: 'rough' | 'checked') =>
    howForetoldWords(exampleRun({ estimate: { ...ESTIMATE, how } }));
  expect(words('checked')).toMatch(/tried/);
  expect(words('rough')).toMatch(/roughly/);
  expect(howForetoldWords(exampleRun())).toMatch(/No check/);
  expect(howForetoldWords(exampleRun({ stopped: 'All tokens were right.' }))).toMatch(/ended early/);
});
