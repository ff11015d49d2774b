import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { newRunFolder } from './run-folder.ts';

const folderOf = (name: string, taken: string[] = []) =>
  path.basename(newRunFolder('runs', name, '2026-11-28T20:21:44.123Z', new Set(taken)));

describe("a new run's folder", () => {
  it('tells when it was begun, and what the person called it', () => {
    expect(folderOf('Sea stories: Café, 2nd try!')).toBe('2026-11-28T20-21-44-123Z-sea-stories-cafe-2nd-try');
    expect(folderOf('海')).toBe('2026-11-28T20-21-44-123Z-run');
  });

  it('is none that another run has', () => {
    const first = path.join('runs', folderOf('a'));
    expect(folderOf('a', [first])).toBe('2026-11-28T20-21-44-123Z-a-2');
    expect(folderOf('a', [first, `${first}-2`])).toBe('2026-11-28T20-21-44-123Z-a-3');
  });
});
