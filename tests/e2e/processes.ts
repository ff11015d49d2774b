/** Processes below others. */
import { execFileSync } from 'node:child_process';

/** @param words what its command line holds */
export function childrenOf(pid: number, words = '.'): number[] {
  try {
    const found = execFileSync('pgrep', ['-P', String(pid), '-f', words], { encoding: 'utf8' });
    return found.trim().split('\n').map(Number);
  } catch {
    // That is how it says that there are none.
    return [];
  }
}

/** Children, their children, and so on. */
export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}
