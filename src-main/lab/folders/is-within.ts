import path from 'node:path';

/** Whether a place is a folder or lies in it, by its name alone: links are the caller's. */
export function isWithin(folder: string, place: string): boolean {
  const way = path.relative(folder, place);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
