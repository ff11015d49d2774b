/** The version of the lab where it runs from its sources, as package.json says it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const packageSchema = z.object({ version: z.string() });

export async function ownVersion(): Promise<string> {
  const file = path.join(import.meta.dirname, '..', 'package.json');
  return packageSchema.parse(JSON.parse(await readFile(file, 'utf8'))).version;
}
