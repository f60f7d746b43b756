import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { classifierFigures } from '../../../core/evaluation/classifier-figures.ts';
import { compareJudgements } from '../../../core/evaluation/compare-runs.ts';
import { judge } from '../../../core/evaluation/judgement.ts';
import type { ClassPredictions } from '../../../core/evaluation/judgement.ts';
import type { SampleSort } from '../../../core/evaluation/sample-order.ts';
import type { PredictionQuery, PredictedHistory, TestPredictions } from '../../../core/contract/evaluation.ts';
import type { Weights } from '../../../core/contract/runs.ts';
import { FailureError } from '../../../core/failure.ts';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';
import { useProject } from '../project/project-store.ts';
import { useRunNames } from '../runs/index.ts';
import { list } from './listing.ts';
import type { Wanted } from './listing.ts';

/** Views averaged over where test-time augmentation is switched on: as many as the command line takes. */
const views = 10;

interface LookedAt {
  /** The run that the rest is of. */
  readonly evaluated: string | null;
  readonly sample: number | null;
  readonly isLookedInside: boolean;
  readonly comparedWith: string | null;
}

/** What a run's network says of its test set, and what of that is looked at. */
export const useEvaluation = defineStore('evaluation', () => {
  const notices = useNotices();
  const names = useRunNames();
  const run = shallowRef<string | null>(null);
  /** What files that are saved of it are called by. */
  const runName = computed(() => (run.value === null ? '' : names.nameOf(run.value)));
  const checkpoint = shallowRef<'last' | 'best'>('best');
  /** Null: the average, where there is one. */
  const weights = shallowRef<Weights | null>(null);
  const isAugmented = shallowRef(false);
  const predictions = shallowRef<TestPredictions | null>(null);
  /** Also while what shows them is being taken away: its watchers run once more before it goes. */
  const shown = computed<TestPredictions | undefined>((before) => predictions.value ?? before);
  const isJudging = shallowRef(false);
  /** The run has no such checkpoint yet. */
  const hasNothing = shallowRef(false);
  const history = shallowRef<PredictedHistory | null>(null);
  const other = shallowRef<TestPredictions | null>(null);
  /** A run that cannot be compared: it was not tested on the same samples. */
  const otherSamples = shallowRef<string | null>(null);
  const wanted = shallowRef<Wanted>({ kind: 'wrong' });
  const sort = shallowRef<SampleSort>('confidence');
  /** Index of the test sample that is looked at. */
  const sample = shallowRef<number | null>(null);
  /** Whether what the network makes of it is seen too. */
  const isLookedInside = shallowRef(false);

  /** What was looked at before the page was loaded again, until there are predictions to look at. */
  let lookedAt: LookedAt | null = null;

  /** Of the tabs beside the samples. */
  const view = shallowRef('matrix');
  /** Grows when the run goes on with other data: what was fetched of its samples is over. */
  const dataRevision = shallowRef(0);

  const query = computed((): PredictionQuery | null =>
    run.value === null
      ? null
      : {
          run: run.value,
          checkpoint: checkpoint.value,
          ...(weights.value === null ? {} : { weights: weights.value }),
          ...(isAugmented.value ? { views } : {}),
        },
  );

  /** Of a classifier only. */
  const classes = computed((): ClassPredictions | null => {
    const predicted = predictions.value;
    if (predicted === null || predicted.targets !== null) return null;
    return {
      classes: predicted.classes,
      labels: predicted.labels,
      probabilities: predicted.averaged ?? predicted.probabilities,
    };
  });
  const judgement = computed(() => classes.value && judge(classes.value));
  const figures = computed(() => classes.value && classifierFigures(classes.value, judgement.value!));
  const comparison = computed(() => {
    if (other.value === null || judgement.value === null) return null;
    const judged = judge(other.value);
    return { run: other.value.run, other: judged, comparison: compareJudgements(judgement.value, judged) };
  });
  const listing = computed(() => {
    if (judgement.value === null) return null;
    const source = { judgement: judgement.value, history: history.value, comparison: comparison.value };
    return list(wanted.value, sort.value, source);
  });

  workbench.on('training', (event) => {
    if (event.event !== 'runStarted' || event.isDataChanged !== true || event.run !== run.value) return;
    forget();
    dataRevision.value += 1;
    void fetchPredictions();
  });
  watch(
    () => useProject().key,
    () => (checkpoint.value = 'best'),
  );
  watch(run, (now) => {
    // Fetched before something is saved under it.
    if (now !== null) names.nameOf(now);
    weights.value = null;
    isAugmented.value = false;
  });
  watch(query, (asked, before) => {
    if (asked?.run !== before?.run || asked?.checkpoint !== before?.checkpoint) forget();
    void fetchPredictions();
  });

  function forget(): void {
    predictions.value = null;
    history.value = null;
    other.value = otherSamples.value = null;
    wanted.value = { kind: 'wrong' };
    sample.value = null;
  }

  /** The old ones stay until the new ones come. */
  async function fetchPredictions(): Promise<void> {
    const asked = query.value;
    if (asked === null) return;
    isJudging.value = true;
    const answer = await notices.attempt(() => unlessMissing(workbench.call('evaluation.predictions', asked)));
    // Something else may have been chosen meanwhile.
    if (asked !== query.value) return;
    isJudging.value = false;
    hasNothing.value = answer === null;
    if (answer) take(answer);
    else if (isAugmented.value) isAugmented.value = false;
  }

  function take(answer: TestPredictions): void {
    predictions.value = answer;
    if (lookedAt === null) return;
    const { evaluated, sample: index, comparedWith, isLookedInside: wasInside } = lookedAt;
    lookedAt = null;
    if (answer.run !== evaluated) return;
    isLookedInside.value = wasInside;
    if (index !== null && index < answer.samples) sample.value = index;
    if (comparedWith !== null) void compareWith(comparedWith);
  }

  function restore(looked: LookedAt & { readonly checkpoint: 'last' | 'best' }): void {
    checkpoint.value = looked.checkpoint;
    if (predictions.value === null) lookedAt = looked;
  }

  async function fetchHistory(): Promise<void> {
    const of = predictions.value;
    if (of === null) return;
    const asked = { run: of.run, weights: of.weights };
    const answer = await notices.attempt(() => workbench.call('evaluation.history', asked));
    if (answer !== undefined && predictions.value?.run === of.run) history.value = answer;
  }

  async function compareWith(id: string | null): Promise<void> {
    const of = run.value;
    other.value = otherSamples.value = null;
    if (wanted.value.kind === 'agreement') wanted.value = { kind: 'wrong' };
    if (id === null) return;
    const asked = { run: id, checkpoint: checkpoint.value };
    const answer = await notices.attempt(() => workbench.call('evaluation.predictions', asked));
    if (answer === undefined || of !== run.value) return;
    if (areSameSamples(predictions.value?.labels, answer.labels)) other.value = answer;
    else otherSamples.value = id;
  }

  function nameOf(label: number): string {
    return predictions.value?.classNames[label] ?? String(label);
  }

  return {
    ...{
      run,
      runName,
      checkpoint,
      weights,
      isAugmented,
      predictions,
      shown,
      isJudging,
      hasNothing,
      history,
      wanted,
      sort,
      sample,
      isLookedInside,
      dataRevision,
      view,
    },
    ...{ classes, judgement, figures, comparison, otherSamples, listing },
    ...{ fetchPredictions, fetchHistory, compareWith, restore, nameOf },
  };
});

/** Null where what is asked for is not there. */
async function unlessMissing<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof FailureError && error.failure.code === 'notFound') return null;
    throw error;
  }
}

function areSameSamples(one: Int32Array | undefined, other: Int32Array): boolean {
  return one?.length === other.length && one.every((label, sample) => label === other[sample]);
}
