import path from 'node:path';
import { capitalized } from './wording.ts';

/** Of what comes with the lab: "sea-stories.txt" → "Sea stories". */
export function titleOf(place: string): string {
  return capitalized(path.parse(place).name.replaceAll('-', ' '));
}
