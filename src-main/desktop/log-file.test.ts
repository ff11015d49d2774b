import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LogFile } from './log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('writes what happened, when, and the error with its cause', () => {
  const log = new LogFile(path.join(folder, 'new'));
  log.write('Error in the lab', new Error('outer', { cause: new Error('inner') }));
  log.write('The page ended', { reason: 'oom', exitCode: 5 });
  const text = readFileSync(log.path, 'utf8');
  expect(text).toMatch(/^\d{4}-\d\d-\d\dT.* Error in the lab\n {4}Error: outer/);
  expect(text).toContain('inner');
  expect(text).toMatch(/\n\d{4}-.* The page ended\n {4}\{ reason: 'oom', exitCode: 5 \}\n$/);
});

it('stays small: the full file becomes the old one, and there are no more than two', () => {
  const log = new LogFile(folder);
  for (let entry = 0; entry < 100; entry++) log.write(`entry ${entry}`, 'x'.repeat(1_000_000));
  expect(readdirSync(folder).sort()).toEqual(['lab.log', 'lab.old.log']);
  for (const file of readdirSync(folder))
    expect(statSync(path.join(folder, file)).size).toBeLessThanOrEqual(256 * 1024);
  expect(readFileSync(log.path, 'utf8')).toContain('entry 99');
});

it('breaks nothing where it cannot write', () => {
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
  writeFileSync(path.join(folder, 'file'), '');
  new LogFile(path.join(folder, 'file')).write('Error in the lab');
  expect(quiet).toHaveBeenCalledWith(expect.stringContaining('Error in the lab'), expect.anything());
  quiet.mockRestore();
});
