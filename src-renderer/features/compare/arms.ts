/** Which models and runs a person has chosen to stand side by side, and what they are called there. */
import type { Arm } from '../../../src-preload/contract/endpoints/comparison.ts';
import type { Model } from '../../../src-preload/contract/endpoints/models.ts';
import type { Run } from '../../../src-preload/contract/endpoints/runs.ts';

/** What can be chosen: a model as it is, the result of a run, or a checkpoint that a run has kept. */
export type Choice = Omit<Arm, 'name'>;

export const modelChoice = (modelFolder: string): Choice => ({ modelFolder, run: null, checkpoint: null });
export const runChoice = (
  { id, modelFolder }: Pick<Run, 'id' | 'modelFolder'>,
  checkpoint: Choice['checkpoint'] = null,
): Choice => ({ modelFolder, run: id, checkpoint });

export function isSame(one: Choice, other: Choice): boolean {
  return (
    one.modelFolder === other.modelFolder &&
    one.run === other.run &&
    one.checkpoint?.step === other.checkpoint?.step
  );
}

/** With the choice where it was not there, else without it. A run brings the model that it began with. */
export function toggle(chosen: readonly Choice[], choice: Choice): Choice[] {
  if (chosen.some((one) => isSame(one, choice))) return chosen.filter((one) => !isSame(one, choice));
  const base = modelChoice(choice.modelFolder);
  const hasFamily = chosen.some(({ modelFolder }) => modelFolder === choice.modelFolder);
  return choice.run === null || hasFamily ? [...chosen, choice] : [...chosen, base, choice];
}

/** Models first, as what the others are measured by; then in the order in which they were chosen. */
export function armsOf(
  chosen: readonly Choice[],
  models: readonly Pick<Model, 'folder' | 'name'>[],
  runs: readonly Pick<Run, 'id' | 'name'>[],
): Arm[] {
  const ordered = [...chosen.filter(({ run }) => run === null), ...chosen.filter(({ run }) => run !== null)];
  const [first, second] = ordered;
  const isPair =
    ordered.length === 2 &&
    first?.run === null &&
    second?.run !== null &&
    first?.modelFolder === second?.modelFolder;
  const titles = ordered.map(({ modelFolder, run, checkpoint }, place) => {
    const title =
      run === null
        ? (models.find(({ folder }) => folder === modelFolder)?.name ?? modelFolder)
        : (runs.find(({ id }) => id === run)?.name ?? `Run ${run}`);
    const after = checkpoint ? ` at epoch ${checkpoint.epoch}` : '';
    return isPair ? ['Before', `After${after}`][place]! : `${title}${after}`;
  });
  return ordered.map((choice, place) => {
    const title = titles[place]!;
    const isAlone = titles.filter((other) => other === title).length === 1;
    const { modelFolder, run, checkpoint } = choice;
    return { name: isAlone ? title : `${title} (${place + 1})`, modelFolder, run, checkpoint };
  });
}
