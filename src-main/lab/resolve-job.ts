/**
 * Pages, and runs of long ago, name models and texts by the places that these had. Before an engine gets a job, it is told
 * where they lie now, and which columns of a text a person has chosen.
 */
import type { PathStore } from '../store/library-store.ts';
import type { Job } from './jobs/job.ts';
import type { modelDetailsSchema } from './models/models.ts';
import type { textDetailsSchema } from './texts/texts.ts';

export function resolveJob(
  job: Job,
  models: PathStore<typeof modelDetailsSchema>,
  texts: PathStore<typeof textDetailsSchema>,
): Job {
  if (!('model' in job)) return job;
  const model = models.whereIs(job.model);
  if (!('data' in job)) return { ...job, model };
  const data = texts.whereIs(job.data);
  return { ...job, model, data, columns: job.columns ?? texts.detailsOf(data)?.columns ?? undefined };
}
