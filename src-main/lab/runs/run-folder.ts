/** Where a new run's files will lie: named by when it was begun and by what the person called it, so that folders sort by time. */
import path from 'node:path';

const LONGEST_NAME = 40;

/**
 * @param parent all runs' folder; @param created in ISO 8601
 * @param taken folders of other runs, as runs of one name may begin in one millisecond: an experiment's, or a fast hand's
 */
export function newRunFolder(
  parent: string,
  name: string,
  created: string,
  taken: ReadonlySet<string>,
): string {
  const folder = path.join(parent, `${created.replaceAll(/[:.]/g, '-')}-${slug(name)}`);
  let free = folder;
  for (let number = 2; taken.has(free); number++) free = `${folder}-${number}`;
  return free;
}

/** Of a name, what is safe in the names of folders. */
function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return plain.replaceAll(/^-+|-+$/g, '').slice(0, LONGEST_NAME) || 'run';
}
