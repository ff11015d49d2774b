/** The command that computes an experiment again, from what its engine was asked. */
import { z } from 'zod';
import type { ExperimentKind } from '../../../src-preload/contract/endpoints/experiments.ts';

/** In the words of a Unix shell; what is asked is one word of it, so that nothing is lost. */
export function analyseCommand(kind: ExperimentKind, inputs: unknown, runtime: string): string {
  const words = [`npm run lab -- analyse ${kind} --inputs ${quoted(JSON.stringify(inputs))}`];
  if (runtime !== 'cpu') words.push(`--runtime ${runtime}`);
  return words.join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const seededSchema = z.union([
  z.object({ seed: z.number() }).transform(({ seed }) => seed),
  z.object({ recipe: z.object({ seed: z.number() }) }).transform(({ recipe }) => recipe.seed),
]);

/** Of chance; null where there is none in it. */
export function seedOf(inputs: unknown): number | null {
  return seededSchema.safeParse(inputs).data ?? null;
}
