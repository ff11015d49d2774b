import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { analyseCommand, seedOf } from './again.ts';

const inputs = { pair: { base: "a person's folder/$HOME `x`" }, seed: 3 };

it.skipIf(process.platform === 'win32')('gives a shell every letter of what was asked', () => {
  const command = analyseCommand('rank-origin', inputs, 'cpu');
  const words = command.replace('npm run lab -- analyse rank-origin --inputs', "printf '%s'");
  expect(JSON.parse(execFileSync('sh', ['-c', words], { encoding: 'utf8' }))).toEqual(inputs);
});

it('names what computes where that is not the processor', () => {
  expect(analyseCommand('order', {}, 'cpu')).not.toContain('--runtime');
  expect(analyseCommand('order', {}, 'webgpu')).toMatch(/--runtime webgpu$/);
});

it('knows where chance begins: in what was asked, or in the recipe', () => {
  expect([inputs, { recipe: { seed: 5 } }, { out: 'runs/sea' }].map(seedOf)).toEqual([3, 5, null]);
});
