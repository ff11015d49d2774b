/**
 * What a page asks of an experiment, in terms of runs and of the places that models and texts had when they were added,
 * becomes what an engine process is asked: folders and files where they lie now.
 */
import type { ExperimentRequest } from '../../../src-preload/contract/endpoints/experiments.ts';
import type { RunRequest } from '../../../src-preload/contract/endpoints/runs.ts';
import type { TextColumns } from '../../engine/text/documents/columns.ts';
import type { Learned } from '../runs/learned.ts';
import type { PairRequest, TextSource, TrainingRequest } from './inputs.ts';

/** What must be known of the lab. */
export interface Surroundings {
  /** Of a run: what it was asked for, and what it has made; see Runs. */
  asked(run: number): { readonly request: RunRequest; readonly folder: string };
  learned(run: number, step: number | null): Promise<Learned>;
  whereIsModel(folder: string): string;
  whereIsText(file: string): string;
  columnsOf(file: string): TextColumns | undefined;
  /** The beginnings that come with the lab. */
  beginnings(): Promise<readonly string[]>;
}

type PairKind = Extract<ExperimentRequest, { checkpoint: unknown }>;
type TrainingKind = Extract<ExperimentRequest, { recipe: unknown }>;

/** @throws LabError as Runs.learned does */
export async function placeRequest(request: ExperimentRequest, lab: Surroundings): Promise<unknown> {
  switch (request.kind) {
    case 'entropy-match':
    case 'rank-origin':
    case 'geometry':
    case 'copying':
    case 'ttr-position':
      return placePair(request, lab);
    case 'static-injection': {
      const { topTokens, strengths } = request;
      return { ...(await placePair(request, lab)), topTokens, strengths };
    }
    case 'strategies':
      return { ...placeTraining(request, lab), ...placeText(request.dataFile, lab), scopes: request.scopes };
    case 'data-size':
      return { ...placeTraining(request, lab), ...placeText(request.dataFile, lab), sizes: request.sizes };
    case 'order':
      return { ...placeTraining(request, lab), ...placeText(request.dataFile, lab), orders: request.orders };
    case 'domains': {
      const texts = request.dataFiles.map((file) => placeText(file, lab));
      return { ...placeTraining(request, lab), domains: texts };
    }
    case 'learning-curve':
      return { out: lab.asked(request.run).folder };
    default:
      return request satisfies never;
  }
}

async function placePair(
  { run, checkpoint, texts, promptTokens, maxNewTokens, seed }: PairKind,
  lab: Surroundings,
): Promise<PairRequest> {
  const { modelFolder, dataFile, recipe } = lab.asked(run).request;
  const { model, adapter } = await lab.learned(run, checkpoint?.step ?? null);
  const base = lab.whereIsModel(modelFolder);
  const heldOut: TextSource = {
    kind: 'held-out',
    ...placeText(dataFile, lab),
    recipe,
    count: texts,
    firstTokens: null,
    otherwise: [...(await lab.beginnings())],
  };
  return {
    pair: { base, tuned: { model: model ?? base, adapter: adapter ?? null } },
    texts: heldOut,
    prompts: { ...heldOut, firstTokens: promptTokens },
    training: { ...placeText(dataFile, lab), recipe },
    maxNewTokens,
    seed,
  };
}

function placeTraining(
  { modelFolder, recipe, texts, promptTokens, maxNewTokens }: TrainingKind,
  lab: Surroundings,
): TrainingRequest {
  return { model: lab.whereIsModel(modelFolder), recipe, texts, promptTokens, maxNewTokens };
}

export function placeText(
  dataFile: string,
  lab: Pick<Surroundings, 'whereIsText' | 'columnsOf'>,
): { data: string; columns?: TextColumns } {
  const data = lab.whereIsText(dataFile);
  const columns = lab.columnsOf(data);
  return columns ? { data, columns } : { data };
}
