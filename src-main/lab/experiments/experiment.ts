/**
 * What an experiment is. Each is one file in this folder: what it is asked, how it is computed (in an engine process, or by
 * the command line), and what it has to show. The page, the report and the command line draw any of them alike.
 */
import type { z } from 'zod';
import type { ExperimentKind } from '../../../src-preload/contract/endpoints/experiments.ts';
import type { Showing } from '../../../src-preload/contract/exhibits.ts';
import { LabError } from '../../engine/errors.ts';

export interface Context<Results> {
  readonly runtime: string;
  /** Of the processor; all its cores if not said. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where runs that it trains are kept, so that it can go on after it was stopped. Made when needed. */
  readonly folder: string;
  /** What was found before it was stopped. */
  readonly previous: Results | undefined;
  /** @param share of the whole, 0 to 1; @param stage what is being done, in a few plain words */
  readonly onProgress: (share: number, stage: string) => void;
  /** What was found so far is worth keeping and showing. */
  readonly keep: (results: Results) => void;
}

export interface ExperimentDefinition<Request, Results> {
  readonly kind: ExperimentKind;
  /** What it is called where it stands among others, such as "Not temperature". */
  readonly title: string;
  readonly request: z.ZodType<Request>;
  /** Plain JSON: it is kept in the database and printed by `lab analyse --json`. */
  readonly results: z.ZodType<Results>;
  /** How each quantity was computed. Source null: the lab's own reading, where the papers leave it open. */
  readonly definitions: Showing['definitions'];
  /** @throws LabError; the signal's reason where it was stopped */
  perform(request: Request, context: Context<Results>): Promise<Results>;
  /** Also of what is not complete. Nothing but the results may be needed: the run may be gone by then. */
  show(results: Results): Omit<Showing, 'definitions'>;
  /** What a picture of the experiment's own needs besides; none for most. */
  detail?(results: Results): unknown;
}

/** One of them, whichever it is: what comes in is checked. */
export interface Experiment {
  readonly kind: ExperimentKind;
  readonly title: string;
  readonly definitions: Showing['definitions'];
  perform(request: unknown, context: Context<unknown>): Promise<unknown>;
  show(results: unknown): Showing;
  detail(results: unknown): unknown;
}

export function defineExperiment<Request, Results>(
  definition: ExperimentDefinition<Request, Results>,
): Experiment {
  const { kind, title, definitions, request, results } = definition;
  return {
    kind,
    title,
    definitions,
    perform: (asked, { previous, ...context }) =>
      definition.perform(readInputs(request, asked), {
        ...context,
        previous: previous === undefined ? undefined : results.parse(previous),
      }),
    show: (found) => ({ ...definition.show(results.parse(found)), definitions }),
    detail: (found) => definition.detail?.(results.parse(found)) ?? null,
  };
}

/** @throws LabError 'bad-argument' where something else is asked than this experiment knows */
function readInputs<Request>(schema: z.ZodType<Request>, asked: unknown): Request {
  const parsed = schema.safeParse(asked);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const field = path.join('.');
  throw new LabError(
    'bad-argument',
    `The inputs of this experiment cannot be used: ${field ? `${field}: ` : ''}${message}.`,
    { field },
  );
}
