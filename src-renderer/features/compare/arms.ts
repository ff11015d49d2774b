/** Which models and runs a person has chosen to stand side by side, in which way each writes, and what they are called there. */
import {
  type Arm,
  type Decoding,
  decodingSchema,
  GREEDY,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import type { Model } from '../../../src-preload/contract/endpoints/models.ts';
import type { Run } from '../../../src-preload/contract/endpoints/runs.ts';
import { wayWords } from './decoding-words.ts';

/** What can be chosen, with its way to write: a model as it is, the result of a run, or a checkpoint that a run has kept. */
export type Choice = Omit<Arm, 'name'>;

/** What another way begins with: as most programs write. */
const BY_CHANCE: Decoding = decodingSchema.parse({ strategy: 'sample', topP: 0.9 });

export const modelChoice = (modelFolder: string): Choice => ({
  modelFolder,
  run: null,
  checkpoint: null,
  decoding: GREEDY,
});
export const runChoice = (
  { id, modelFolder }: Pick<Run, 'id' | 'modelFolder'>,
  checkpoint: Choice['checkpoint'] = null,
): Choice => ({ modelFolder, run: id, checkpoint, decoding: GREEDY });

/** One model, whatever its way to write. */
export function isSame(one: Choice, other: Choice): boolean {
  return (
    one.modelFolder === other.modelFolder &&
    one.run === other.run &&
    one.checkpoint?.step === other.checkpoint?.step
  );
}

/** With the choice where it was not there, else without it in any way. A run brings the model that it began with. */
export function toggle(chosen: readonly Choice[], choice: Choice): Choice[] {
  if (chosen.some((one) => isSame(one, choice))) return chosen.filter((one) => !isSame(one, choice));
  const base = modelChoice(choice.modelFolder);
  const hasFamily = chosen.some(({ modelFolder }) => modelFolder === choice.modelFolder);
  return inOrder(choice.run === null || hasFamily ? [...chosen, choice] : [...chosen, base, choice]);
}

/** The same model once more, in another way. */
export function onceMore(chosen: readonly Choice[], place: number): Choice[] {
  const choice = chosen[place];
  return choice ? chosen.toSpliced(place + 1, 0, { ...choice, decoding: BY_CHANCE }) : [...chosen];
}

/** Models first, as what the others are measured by; then in the order in which they were chosen. */
export function inOrder(chosen: readonly Choice[]): Choice[] {
  return [...chosen.filter(({ run }) => run === null), ...chosen.filter(({ run }) => run !== null)];
}

/** @param beside arms that stand in a comparison already: the same models are called as there */
export function armsOf(
  chosen: readonly Choice[],
  models: readonly Pick<Model, 'folder' | 'name'>[],
  runs: readonly Pick<Run, 'id' | 'name'>[],
  beside: readonly Arm[] = [],
): Arm[] {
  const ordered = inOrder(chosen);
  const titles = ordered.map((choice) => {
    const who = nameBeside(choice, beside) ?? beforeOrAfter(choice, ordered) ?? nameOf(choice, models, runs);
    return `${who}${wayWords(choice.decoding, choice.weights)}`;
  });
  const taken = beside.map(({ name }) => name);
  const names = [...taken];
  return ordered.map((choice, place) => {
    const title = titles[place]!;
    const isAlone = !taken.includes(title) && titles.filter((other) => other === title).length === 1;
    const name = isAlone ? title : numbered(title, names);
    names.push(name);
    return { name, ...choice };
  });
}

/** Where all are one model and one run of it, that says more than their names. */
function beforeOrAfter({ run, checkpoint }: Choice, chosen: readonly Choice[]): string | undefined {
  const different = chosen.filter((one, place) => chosen.findIndex((other) => isSame(one, other)) === place);
  const [first, second] = different;
  const isPair =
    different.length === 2 &&
    first?.run === null &&
    second?.run !== null &&
    first?.modelFolder === second?.modelFolder;
  if (!isPair) return undefined;
  return run === null ? 'Before' : `After${epochWords(checkpoint)}`;
}

function nameBeside(choice: Choice, beside: readonly Arm[]): string | undefined {
  const same = beside.find((arm) => isSame(arm, choice));
  const way = same ? wayWords(same.decoding, same.weights) : '';
  return same?.name.endsWith(way) ? same.name.slice(0, same.name.length - way.length) : same?.name;
}

function nameOf(
  { modelFolder, run, checkpoint }: Choice,
  models: readonly Pick<Model, 'folder' | 'name'>[],
  runs: readonly Pick<Run, 'id' | 'name'>[],
): string {
  if (run === null) return models.find(({ folder }) => folder === modelFolder)?.name ?? modelFolder;
  return `${runs.find(({ id }) => id === run)?.name ?? `Run ${run}`}${epochWords(checkpoint)}`;
}

function epochWords(checkpoint: Choice['checkpoint']): string {
  return checkpoint ? ` at epoch ${checkpoint.epoch}` : '';
}

function numbered(title: string, names: readonly string[]): string {
  let number = 1;
  while (names.includes(`${title} (${number})`)) number++;
  return `${title} (${number})`;
}
