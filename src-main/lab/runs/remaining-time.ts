/**
 * How long a run still takes, from what its last steps and epochs took. The median is told, so that one step during which
 * the computer slept, or an epoch's first one, does not spoil it.
 */

/** So many steps, and epochs, are looked back on. */
const STEPS = 64;
const EPOCHS = 5;
/** Before so many steps, nothing is said. */
const ENOUGH_STEPS = 3;

export class RemainingTime {
  readonly #steps: number[] = [];
  readonly #epochs: number[] = [];

  addStep(seconds: number): void {
    this.#steps.push(seconds);
    if (this.#steps.length > STEPS) this.#steps.shift();
  }

  /** What an epoch takes after its last step. */
  addEpoch(seconds: number): void {
    this.#epochs.push(seconds);
    if (this.#epochs.length > EPOCHS) this.#epochs.shift();
  }

  /** Null before enough was timed. A run that stops by itself ends earlier. */
  seconds(stepsLeft: number, epochsLeft: number): number | null {
    if (this.#steps.length < ENOUGH_STEPS) return null;
    return (
      median(this.#steps) * stepsLeft + (this.#epochs.length > 0 ? median(this.#epochs) * epochsLeft : 0)
    );
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((first, second) => first - second);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
