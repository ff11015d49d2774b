/**
 * Who works on the folders of runs that are not computed: an engine that outlived its lab, or one that makes a result of a
 * checkpoint. Nothing else is done with a run's folder before that is over, or has failed.
 */
export class Settling {
  readonly #work = new Map<number, Promise<void>>();

  /** @returns the work, as it was given */
  begin<Result>(run: number, work: Promise<Result>): Promise<Result> {
    const settled = work.then(
      () => {},
      () => {},
    );
    this.#work.set(run, settled);
    void settled.then(() => {
      if (this.#work.get(run) === settled) this.#work.delete(run);
    });
    return work;
  }

  /** When nobody works on the run's folder any more. */
  async over(run: number): Promise<void> {
    await this.#work.get(run);
  }

  async allOver(): Promise<void> {
    await Promise.all(this.#work.values());
  }
}
