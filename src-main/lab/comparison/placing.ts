/**
 * What a page calls an arm by (a model's first place, a run and a step of it) becomes folders where they lie now, and the
 * runs among the arms tell what was trained on.
 */
import { stat } from 'node:fs/promises';
import type { Arm, WeightPrecision } from '../../../src-preload/contract/endpoints/comparison.ts';
import { LabError } from '../../engine/errors.ts';
import type { DecodingSettings } from '../../engine/generation/decoding.ts';
import { placeText, type Surroundings } from '../experiments/place-request.ts';
import type { TrainingSource } from '../texts/training-text.ts';

/** Folders. */
export interface PlacedArm {
  readonly model: string;
  readonly adapter: string | null;
  readonly decoding: DecodingSettings;
  readonly weights: WeightPrecision;
}

export class Placing {
  readonly #lab: Omit<Surroundings, 'beginnings'>;

  constructor(lab: Omit<Surroundings, 'beginnings'>) {
    this.#lab = lab;
  }

  /** @throws LabError where the run has no such result */
  async arm({ modelFolder, run, checkpoint, decoding, weights = 'float32' }: Arm): Promise<PlacedArm> {
    const base = this.#lab.whereIsModel(modelFolder);
    if (run === null) return { model: base, adapter: null, decoding, weights };
    const { model, adapter } = await this.#lab.learned(run, checkpoint?.step ?? null);
    return { model: model ?? base, adapter: adapter ?? null, decoding, weights };
  }

  /** Of the first run among the arms; undefined where there is none any more. */
  training(arms: readonly Arm[]): TrainingSource | undefined {
    for (const { run } of arms) {
      if (run === null) continue;
      try {
        const { dataFile, recipe } = this.#lab.asked(run).request;
        return { ...placeText(dataFile, this.#lab), recipe };
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
      }
    }
    return undefined;
  }

  /**
   * @param among all arms of the comparison
   * @throws LabError 'bad-argument' where the citation blocker of one of the arms would not know what to block
   */
  async checkBlockers(arms: readonly Arm[], among: readonly Arm[]): Promise<void> {
    const blocking = arms.find(({ decoding }) => decoding.citationBlocker);
    if (blocking === undefined) return;
    const training = this.training(among);
    const refuse = (why: string) => {
      throw new LabError(
        'bad-argument',
        `The citation blocker of “${blocking.name}” must know the training text, but ${why}`,
      );
    };
    if (training === undefined)
      refuse('no run stands among the arms. Add the run whose text is not to be recited, or switch it off.');
    else if (!(await isThere(training.data)))
      refuse(`${training.data} is gone. Put it back, tell the lab its new place, or switch the blocker off.`);
  }
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
