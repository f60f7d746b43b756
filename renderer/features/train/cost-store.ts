import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { FailureError } from '../../../core/failure.ts';
import { knownData } from '../../../core/project/known-data.ts';
import type { Project } from '../../../core/project/project.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { epochTime, estimateEpochTime, estimateMemory, trainingSpeed } from '../../../core/training/cost.ts';
import type { CostFacts, MeasuredCost, TrainingSpeed } from '../../../core/training/cost.ts';
import { costFactsOf, costlyText, samplesPerStep } from '../../../core/training/cost-facts.ts';
import { median } from '../../../core/training/median.ts';
import { useNotices } from '../../app/notices.ts';
import { useSettings } from '../../app/settings-store.ts';
import { useShell } from '../../app/shell-store.ts';
import { workbench } from '../../app/workbench.ts';
import { useDatasets, useOwnData } from '../data/index.ts';
import { useProject } from '../project/project-store.ts';
import { useRunNames } from '../runs/index.ts';
import { costWords } from './cost-words.ts';
import { useTraining } from './training-store.ts';

/** Milliseconds without a change after which it is looked up whether the project was measured before. */
const calmAfter = 300;

/** What the open project's training will cost: measured here, known of a run, or estimated. */
export const useCost = defineStore('cost', () => {
  const current = useProject();
  const training = useTraining();
  const notices = useNotices();
  const shell = useShell();
  const settings = useSettings();
  const names = useRunNames();
  const measured = shallowRef<{ readonly key: string; readonly cost: MeasuredCost } | null>(null);
  const isMeasuring = shallowRef(false);
  /** Of trainings in this window, by what was trained. */
  const speeds = shallowRef<ReadonlyMap<string, TrainingSpeed>>(new Map());

  const device = computed(() => settings.settings.device);
  const key = computed(() => (current.project === null ? '' : keyOf(current.project)));
  const facts = computed(() => (current.project === null ? null : factsOf(current.project)));
  const ownCost = computed(() => (measured.value?.key === key.value ? measured.value.cost : null));
  const memory = computed(() => {
    const { devices } = shell;
    const used = devices.find(({ id }) => id === device.value) ?? devices.find(({ id }) => id !== 'cpu') ?? devices[0];
    const estimate = facts.value && estimateMemory(facts.value);
    return { estimate, measured: ownCost.value?.memoryBytes ?? null, total: used?.totalMemory ?? null };
  });
  const time = computed(() => {
    const own = ownCost.value && epochTime(ownCost.value);
    if (own !== null) return { kind: 'measured', ...own } as const;
    const { watched } = training;
    if (watched?.trained && watched.epochs.length > 0 && keyOf(watched.trained) === key.value) {
      const seconds = Float64Array.from(watched.epochs, (epoch) => epoch.seconds);
      const [least, most] = [Math.min(...seconds), Math.max(...seconds)];
      const run = names.nameOf(watched.run);
      return { kind: 'trained', seconds: median(seconds), least, most, epochs: seconds.length, run } as const;
    }
    const estimate = facts.value && estimateEpochTime(facts.value, [...speeds.value.values()]);
    return estimate && ({ kind: 'estimated', ...estimate } as const);
  });
  const words = computed(() =>
    current.project === null ? null : costWords(time.value, memory.value, current.project.recipe.epochs),
  );
  const canMeasure = computed(() => training.canTrain && !isMeasuring.value);

  function keyOf(project: Project): string {
    return `${device.value} ${costlyText(project)}`;
  }

  function factsOf(project: Project): CostFacts | null {
    const { data } = project;
    const known = useDatasets().datasets.find(({ name }) => name === data.source);
    const own = known === undefined ? useOwnData().find(data) : undefined;
    const samples = known ?? own;
    const inputShape = knownData.get(data.source)?.inputShape ?? own?.inputShape;
    if (samples == null || inputShape === undefined) return null;
    const { trainSamples, testSamples } = samples;
    const bytesPerValue = inputShape.length === 3 && own?.values !== 'floats' ? 1 : 4;
    const copies = data.augment?.flippedCopies === true ? 2 : 1;
    return costFactsOf(project, { inputShape, trainSamples: trainSamples * copies, testSamples, bytesPerValue });
  }

  async function measure(): Promise<void> {
    const { project } = current;
    if (project === null) return;
    const asked = { key: keyOf(project), project };
    isMeasuring.value = true;
    const cost = await notices.attempt(() =>
      workbench
        .call('training.measureCost', { projectText: serialiseProject(project), device: device.value, isNew: true })
        // A training that has started ends the measurement.
        .catch((error: unknown) => {
          if (error instanceof FailureError && error.failure.code === 'cancelled') return null;
          throw error;
        }),
    );
    isMeasuring.value = false;
    if (cost) take(asked.key, asked.project, cost);
  }

  function take(of: string, project: Project, cost: MeasuredCost): void {
    measured.value = { key: of, cost };
    const step = cost.stepSeconds.length === 0 ? 0 : median(cost.stepSeconds);
    if (step > 0) remember(of, project, samplesPerStep(project) / step);
  }

  function remember(of: string, project: Project, samplesPerSecond: number): void {
    const trained = factsOf(project);
    if (trained === null || trained.totals.multiplyAdds === 0 || !(samplesPerSecond > 0)) return;
    speeds.value = new Map(speeds.value).set(of, trainingSpeed(trained, samplesPerSecond));
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    key,
    (of) => {
      clearTimeout(timer);
      timer = setTimeout(() => void lookUp(of), calmAfter);
    },
    { immediate: true },
  );

  /** Another window, or this one before it was loaded anew, may have measured it. */
  async function lookUp(of: string): Promise<void> {
    const { project } = current;
    if (project === null || current.problems.length > 0 || ownCost.value !== null) return;
    const asked = { projectText: serialiseProject(project), device: device.value, isNew: false };
    const cost = await workbench.call('training.measureCost', asked).catch(() => null);
    if (cost !== null && of === key.value) take(of, project, cost);
  }

  watch(
    () => training.watched?.epochs,
    () => {
      const { watched } = training;
      const last = watched?.epochs.at(-1);
      if (watched?.trained && last !== undefined)
        remember(keyOf(watched.trained), watched.trained, last.imagesPerSecond);
    },
  );

  return { words, isMeasuring, canMeasure, measure };
});
