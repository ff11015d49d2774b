/** Whether two models cut texts into the same tokens: then what one has written, the other can read as it is. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** By their tokenizer.json, which is all that counts of a tokenizer. */
export async function hasSameTokenizer(model: string, other: string): Promise<boolean> {
  if (path.resolve(model) === path.resolve(other)) return true;
  const [own, others] = await Promise.all([tokenizerHash(model), tokenizerHash(other)]);
  return own === others;
}

async function tokenizerHash(folder: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path.join(folder, 'tokenizer.json')), hash);
  return hash.digest('hex');
}
