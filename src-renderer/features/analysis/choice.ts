/** What experiments are made on: a run, or a model and texts. It stays while a person looks at other screens. */
import { defineStore } from 'pinia';
import { computed, reactive } from 'vue';
import type { ExperimentRequest } from '../../../src-preload/contract/endpoints/experiments.ts';
import { useLibrary } from '../../stores/library.ts';
import { useRuns } from '../../stores/runs.ts';

export const useChoice = defineStore('analysis', () => {
  const library = useLibrary();
  const runs = useRuns();
  const chosen = reactive({
    run: 0,
    checkpoint: null as { step: number; epoch: number } | null,
    modelFolder: '',
    dataFile: '',
    /** For the experiment that needs several; none: all that come with the lab. */
    dataFiles: [] as string[],
  });

  const finished = computed(() => runs.runs.filter(({ state }) => state === 'finished'));
  /** The latest where none was chosen. */
  const run = computed(() => finished.value.find(({ id }) => id === chosen.run) ?? finished.value[0]);
  const models = computed(() => library.models.filter(({ summary }) => summary !== null));
  const model = computed(
    () => models.value.find(({ folder }) => folder === chosen.modelFolder) ?? models.value[0],
  );
  const texts = computed(() => library.texts.filter(({ bytes }) => bytes !== null));
  const text = computed(() => texts.value.find(({ file }) => file === chosen.dataFile) ?? texts.value[0]);
  const several = computed(() => {
    const found = texts.value.filter(({ file }) => chosen.dataFiles.includes(file));
    return found.length > 0 ? found : texts.value.filter(({ bundled }) => bundled);
  });

  function chooseRun(id: number): void {
    chosen.run = id;
    chosen.checkpoint = null;
  }

  /** What an earlier experiment was made on. */
  function take(request: ExperimentRequest): void {
    if ('run' in request) chooseRun(request.run);
    if ('checkpoint' in request) chosen.checkpoint = request.checkpoint;
    if ('modelFolder' in request) chosen.modelFolder = request.modelFolder;
    if ('dataFile' in request) chosen.dataFile = request.dataFile;
    if ('dataFiles' in request) chosen.dataFiles = [...request.dataFiles];
  }

  return { chosen, finished, run, models, model, texts, text, several, chooseRun, take };
});
