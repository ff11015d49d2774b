/** What was found out about model folders, kept until one of their files changes: opening a tokenizer takes a while. */
import { folderStamp } from './folder-stamp.ts';
import { inspectModel, type ModelSummary } from './inspect-model.ts';

export class Inspections {
  readonly #known = new Map<string, { readonly stamp: string; readonly summary: Promise<ModelSummary> }>();

  /** As inspectModel, at once where nothing has changed since; a refusal is remembered too. */
  async inspect(folder: string): Promise<ModelSummary> {
    const stamp = await folderStamp(folder);
    const known = this.#known.get(folder);
    if (known?.stamp === stamp) return known.summary;
    const summary = inspectModel(folder);
    this.#known.set(folder, { stamp, summary });
    return summary;
  }
}
