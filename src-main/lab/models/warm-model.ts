/** A model that stays in memory for whoever asks for it next. One at a time: another takes its place. */
import type { WeightPrecision } from '../../engine/runtimes/quantize.ts';
import { folderStamp } from './folder-stamp.ts';
import { type OpenModel, openModel } from './open-model.ts';

export interface WarmRequest {
  readonly folder: string;
  readonly runtime: string;
  /** Of the processor; all its cores if not said. */
  readonly threads?: number | undefined;
  readonly weights: WeightPrecision;
}

export class WarmModel {
  #held: { readonly key: string; readonly model: OpenModel } | undefined;

  /**
   * Lends the model. Where the work fails, nobody knows what it left behind, and the model goes; stopping leaves nothing.
   */
  async use<Result>(
    request: WarmRequest,
    signal: AbortSignal,
    work: (model: OpenModel) => Promise<Result>,
  ): Promise<Result> {
    const model = await this.#take(request);
    try {
      return await work(model);
    } catch (error) {
      if (!signal.aborted) await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await held?.model.close();
  }

  async #take({ folder, runtime, threads, weights }: WarmRequest): Promise<OpenModel> {
    const key = JSON.stringify([folder, runtime, threads, weights, await folderStamp(folder)]);
    if (this.#held?.key !== key) {
      // Before the next is loaded: two may be more than there is memory for.
      await this.close();
      this.#held = { key, model: await openModel(folder, runtime, { threads, writesIn: weights }) };
    }
    return this.#held.model;
  }
}
