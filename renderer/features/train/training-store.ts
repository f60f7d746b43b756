import { defineStore } from 'pinia';
import { computed, shallowRef, triggerRef, watch } from 'vue';
import type { ResumeTraining, RunStarting, StartTraining, WatchedEvent } from '../../../core/contract/training.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import type { TrainingChanges } from '../../../core/training/events.ts';
import type { ResumedData } from '../../../core/training/run-data.ts';
import { fold, startingRun } from '../../../core/training/run-state.ts';
import type { RunState } from '../../../core/training/run-state.ts';
import { isPrecisionOpen } from '../../../core/training/decide-precision.ts';
import { FailureError } from '../../../core/failure.ts';
import { useNotices } from '../../app/notices.ts';
import { usePlaces } from '../../app/places.ts';
import { useSettings } from '../../app/settings-store.ts';
import { workbench } from '../../app/workbench.ts';
import { useOwnData } from '../data/index.ts';
import { useProject } from '../project/project-store.ts';
import { useRuns } from '../runs/index.ts';
import { canGoOn, isOver } from './live-run.ts';
import { errorUnit } from './target-unit.ts';
import { liveRun, storedRun } from './run-history.ts';
import type { RunHistory } from './run-history.ts';
import { StepPoints } from './step-points.ts';

/** Milliseconds until what came in is looked at: figures of steps, which nobody reads faster, and all else. */
const stepsWait = 250;
const othersWait = 40;

/** Of a run that is resumed. */
type Length = Pick<ResumeTraining, 'epochs'>;

/** A run that cannot be resumed without a question. */
interface ChangedData {
  readonly run: string;
  readonly message: string;
  /** What it can be resumed on. */
  readonly choices: readonly string[];
  readonly length: Length;
}

interface ShownRun extends RunHistory {
  readonly document: string | null;
}

/** The run this window watches, and what can be done with it. */
export const useTraining = defineStore('training', () => {
  const current = useProject();
  const notices = useNotices();
  const own = useOwnData();
  const preferences = useSettings();
  const places = usePlaces();
  const watched = shallowRef<RunState | null>(null);
  /** The document that the watched run was begun with; null: it is not known. */
  const begunWith = shallowRef<string | null>(null);
  /** Grows in place; told when it did. */
  const points = shallowRef(new StepPoints());
  /** The run whose weights the next training begins with; null: fresh ones. */
  const startsFrom = shallowRef<string | null>(null);
  /** A run that was not resumed because its data are not those it was trained on. */
  const changedData = shallowRef<ChangedData | null>(null);
  /** What else the next training is to know of its weights; the weights store decides it. */
  const startChoice = shallowRef<Pick<StartTraining, 'fromEntry' | 'allowFreshFrozen'>>({});
  /** What the form of a paused run asks for, and why it cannot be taken; null: there is no such form. */
  const pauseChange = shallowRef<{ readonly changes: TrainingChanges; readonly refusal: string | null } | null>(null);
  /** A training is asked for, and begins when the precision of its recipe is decided. */
  const isMeasuring = shallowRef(false);
  let unread: WatchedEvent[] = [];
  /** Whether the watched run was begun in another window, and what this one showed before. */
  let isGuest = false;
  let shownBefore: ShownRun | null = null;
  /** Of runs that were begun while this window was open. */
  const documents = new Map<string, string>();
  let isRestoring = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let takenInAt = 0;

  const state = computed(() => watched.value?.state.kind ?? null);
  const isLive = computed(() => watched.value !== null && !isOver(watched.value.state));
  /** Also where another window edits the project: a run changes nothing of it. */
  const canTrain = computed(
    () => current.project !== null && current.obstacle === null && !isLive.value && !isMeasuring.value,
  );
  const canPause = computed(() => state.value === 'running');
  /** What is typed wrong in the changes before resuming. */
  const resumeRefusal = computed(() => (state.value === 'paused' ? (pauseChange.value?.refusal ?? null) : null));
  const canResume = computed(
    () =>
      resumeRefusal.value === null &&
      (state.value === 'paused' || (watched.value !== null && canGoOn(watched.value.state))),
  );
  const canStop = computed(() => state.value === 'running' || state.value === 'paused' || state.value === 'starting');

  /** The watched run is of another project than the one that is open. */
  const isForeign = computed(() => {
    if (watched.value === null) return false;
    if (begunWith.value !== null) return begunWith.value !== current.key;
    // Several projects may have one name, "untitled" above all.
    const { project: name, trained } = watched.value;
    const isOfOtherData = trained !== null && trained.data.source !== current.project?.data.source;
    return name !== current.project?.name || isOfOtherData;
  });

  /** Of a regression's errors. */
  const unitOfErrors = computed(() =>
    errorUnit(watched.value?.trained ?? null, isForeign.value ? null : current.dataFacts),
  );

  // What is over stays with its project; what is being trained is seen whatever is open.
  watch(
    () => current.key,
    () => {
      startsFrom.value = null;
      shownBefore = null;
      if (watched.value !== null && isOver(watched.value.state)) watched.value = null;
    },
    { flush: 'sync' },
  );

  // Runs stay with a project that is renamed, as it is when it is saved for the first time.
  watch(
    () => ({ key: current.key, name: current.project?.name }),
    ({ key, name }, before) => {
      if (name === undefined || key !== before.key || name === before.name) return;
      const own = [...documents].filter(([, document]) => document === key).map(([run]) => run);
      const shownRun = watched.value;
      if (shownRun !== null && shownRun.project === before.name && !own.includes(shownRun.run)) own.push(shownRun.run);
      if (shownRun !== null && own.includes(shownRun.run)) watched.value = { ...shownRun, project: name };
      for (const run of own) void notices.attempt(() => workbench.call('runs.update', { run, project: name }));
    },
  );

  async function attach(): Promise<void> {
    workbench.on('training', receive);
    workbench.on('runsRemoved', ({ runs }) => {
      if (shownBefore !== null && runs.includes(shownBefore.watched.run)) shownBefore = null;
      if (watched.value !== null && runs.includes(watched.value.run)) watched.value = null;
    });
    const newest = (await workbench.call('training.active')).at(-1);
    if (newest === undefined) return;
    await restore(() => liveRun(newest), newest.document);
    isGuest = true;
  }

  /** What comes in meanwhile is kept until the run is there. */
  async function restore(fetch: () => Promise<RunHistory>, document: string | null): Promise<void> {
    isRestoring = true;
    try {
      watchRun({ ...(await fetch()), document });
    } finally {
      isRestoring = false;
    }
  }

  function receive(event: WatchedEvent): void {
    // Another window began a run: show it, unless this one has its own.
    if (event.event === 'runStarting' && !isLive.value && !isRestoring && watched.value?.run !== event.run) {
      receiveGuest(event);
    }
    if (event.event === 'runStarting' && event.document !== null) documents.set(event.run, event.document);
    unread.push(event);
    takeInAfter(event.event === 'step' ? stepsWait : othersWait);
  }

  /** While it is trained, nothing else can be; when it is over, the run shown before comes back. */
  function receiveGuest({ run, project, document, isResumed }: RunStarting): void {
    if (!isGuest) shownBefore = shown();
    isGuest = true;
    if (isResumed) void notices.attempt(() => restore(() => storedRun(run), document));
    else begin(startingRun(run, project, null), document);
  }

  function seeGuestOff(): void {
    if (!isGuest || !isForeign.value || current.project === null || !isOver(watched.value!.state)) return;
    isGuest = false;
    if (shownBefore === null) watched.value = null;
    else watchRun(shownBefore);
    shownBefore = null;
  }

  function takeInAfter(milliseconds: number): void {
    const moment = performance.now() + milliseconds;
    if (timer !== undefined && moment >= takenInAt) return;
    clearTimeout(timer);
    takenInAt = moment;
    timer = setTimeout(takeIn, milliseconds);
  }

  function takeIn(): void {
    timer = undefined;
    if (isRestoring) {
      takeInAfter(othersWait);
      return;
    }
    const events = unread.filter(({ run }) => run === watched.value?.run);
    unread = [];
    if (events.length === 0) return;
    for (const event of events) if (event.event === 'step') points.value.add(event);
    watched.value = events.reduce((run, event) => fold(run, event, Date.now()), watched.value!);
    triggerRef(points);
    seeGuestOff();
  }

  function shown(): ShownRun | null {
    if (watched.value === null) return null;
    return { watched: watched.value, points: points.value, document: begunWith.value };
  }

  function watchRun(run: ShownRun): void {
    watched.value = run.watched;
    begunWith.value = run.document;
    points.value = run.points;
  }

  function begin(run: RunState, document: string | null): void {
    watchRun({ watched: run, points: new StepPoints(), document });
  }

  async function train(): Promise<void> {
    const { project, key } = current;
    if (project === null || isMeasuring.value) return;
    isMeasuring.value = isPrecisionOpen(project);
    await notices.attempt(async () => {
      const { run } = await workbench.call('training.start', {
        projectText: serialiseProject(project),
        document: key,
        device: preferences.settings.device,
        ...(startsFrom.value === null ? {} : { from: startsFrom.value }),
        ...startChoice.value,
      });
      if (watched.value?.run === run) watched.value = { ...watched.value, trained: project };
      else begin(startingRun(run, project.name, project), key);
      isGuest = false;
      follow(run);
    });
    isMeasuring.value = false;
  }

  /** Evaluate and Export follow the run that was trained last, not one that was selected before it. */
  function follow(run: string): void {
    const runs = useRuns();
    runs.picked = null;
    if (runs.selected.at(-1) !== run) runs.selected = [];
  }

  /** Resumes a paused run with the changes of its form, or a stopped one from its last checkpoint. */
  async function resume(): Promise<void> {
    const run = watched.value;
    if (run === null) return;
    await notices.attempt(async () => {
      if (run.state.kind === 'paused') {
        const { changes } = pauseChange.value ?? {};
        await workbench.call('training.continue', { run: run.run, ...(changes === undefined ? {} : { changes }) });
      } else await goOn(run.run);
    });
  }

  /** Shows any run here, as the index of runs has it. */
  async function show(run: string): Promise<void> {
    isGuest = false;
    if (watched.value?.run !== run) await restore(() => storedRun(run), documents.get(run) ?? null);
  }

  /** Shows a run of the project that is open: opened again, that is another document than the run was begun with. */
  async function showOwn(run: string): Promise<void> {
    documents.set(run, current.key);
    if (watched.value === null) await show(run);
    else if (watched.value.run === run) begunWith.value = current.key;
  }

  /** Trains a finished run until it has so many epochs in all. */
  async function trainMore(epochs: number): Promise<void> {
    const run = watched.value;
    if (run !== null) await notices.attempt(() => goOn(run.run, { epochs }));
  }

  /** Takes up any run again. Where its data have changed since, a dialog says how and asks. */
  async function goOn(run: string, length: Length = {}): Promise<void> {
    await show(run);
    follow(run);
    try {
      await workbench.call('training.resume', { run, ...length });
    } catch (error) {
      if (!(error instanceof FailureError) || error.failure.code !== 'dataChanged') throw error;
      const { message, choices = [] } = error.failure;
      changedData.value = { run, message, choices, length };
      notices.dismissCode('dataChanged');
      own.askedAbout = current.project?.data.source ?? null;
      places.dialog = 'dataChanged';
    }
  }

  async function resumeOn(data: ResumedData, run: string): Promise<void> {
    const length = changedData.value?.run === run ? changedData.value.length : {};
    await notices.attempt(() => workbench.call('training.resume', { run, ...length, data }));
  }

  const ask =
    (name: 'training.pause' | 'training.stop' | 'training.kill', state: 'pausing' | 'stopping') => async () => {
      const run = watched.value;
      if (run === null) return;
      watched.value = { ...run, state: { kind: state } };
      const done = await notices.attempt(async () => {
        await workbench.call(name, { run: run.run });
        return true;
      });
      if (done === undefined) watched.value = run;
    };

  const actions = { pause: ask('training.pause', 'pausing'), stop: ask('training.stop', 'stopping') };
  const kill = ask('training.kill', 'stopping');

  return {
    ...{ watched, points, startsFrom, startChoice, pauseChange, state, isLive, isForeign, unitOfErrors },
    ...{ canTrain, canPause, canResume, resumeRefusal, canStop, changedData, isMeasuring },
    ...{ attach, train, resume, goOn, show, showOwn, trainMore, resumeOn, kill, ...actions },
  };
});
