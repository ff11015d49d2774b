import path from 'node:path';

/** Of what comes with the lab: "sea-stories.txt" → "Sea stories". */
export function titleOf(place: string): string {
  const words = path.parse(place).name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
