/** All that the page may ask of the lab: endpoints and their shapes stand together, a file a subject. */
import { comparisonContract } from './endpoints/comparison.ts';
import { dataFolderContract } from './endpoints/data-folder.ts';
import { desktopContract } from './endpoints/desktop.ts';
import { experimentsContract } from './endpoints/experiments.ts';
import { modelsContract } from './endpoints/models.ts';
import { packsContract } from './endpoints/packs.ts';
import { plansContract } from './endpoints/plans.ts';
import { recipesContract } from './endpoints/recipes.ts';
import { runsContract } from './endpoints/runs.ts';
import { speedContract } from './endpoints/speed.ts';
import { systemContract } from './endpoints/system.ts';
import { textsContract } from './endpoints/texts.ts';

export const labContract = {
  ...systemContract,
  ...modelsContract,
  ...textsContract,
  ...recipesContract,
  ...plansContract,
  ...runsContract,
  ...comparisonContract,
  ...experimentsContract,
  ...dataFolderContract,
  ...speedContract,
  ...packsContract,
  ...desktopContract,
};
export type LabContract = typeof labContract;
