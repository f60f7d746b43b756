import { defineStore } from 'pinia';
import { computed, shallowRef, triggerRef } from 'vue';
import type { WatchedEvent } from '../../../core/contract/training.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import type { TrainingChanges } from '../../../core/training/events.ts';
import { useNotices } from '../../app/notices.ts';
import { useSettings } from '../../app/settings-store.ts';
import { workbench } from '../../app/workbench.ts';
import { useProject } from '../project/project-store.ts';
import { canGoOn, isOver, reduceRun, startingRun } from './live-run.ts';
import type { WatchedRun } from './live-run.ts';
import { liveRun, storedRun } from './run-history.ts';
import type { RunHistory } from './run-history.ts';
import { StepPoints } from './step-points.ts';

/** Milliseconds until what came in is looked at: figures of steps, which nobody reads faster, and all else. */
const stepsWait = 250;
const othersWait = 40;

/** The run this window watches, and what can be done with it. */
export const useTraining = defineStore('training', () => {
  const current = useProject();
  const notices = useNotices();
  const preferences = useSettings();
  const watched = shallowRef<WatchedRun | null>(null);
  /** Grows in place; told when it did. */
  const points = shallowRef(new StepPoints());
  /** The run whose weights the next training begins with; null: fresh ones. */
  const startsFrom = shallowRef<string | null>(null);
  let unread: WatchedEvent[] = [];
  let isRestoring = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let takenInAt = 0;

  const state = computed(() => watched.value?.state.kind ?? null);
  const isLive = computed(() => watched.value !== null && !isOver(watched.value.state));
  const canTrain = computed(() => current.project !== null && current.problems.length === 0 && !isLive.value);
  const canPause = computed(() => state.value === 'running');
  const canResume = computed(
    () => state.value === 'paused' || (watched.value !== null && canGoOn(watched.value.state)),
  );
  const canStop = computed(() => state.value === 'running' || state.value === 'paused' || state.value === 'starting');

  async function attach(): Promise<void> {
    workbench.on('training', receive);
    const newest = (await workbench.call('training.active')).at(-1);
    if (newest !== undefined) await restore(() => liveRun(newest));
  }

  /** What comes in meanwhile is kept until the run is there. */
  async function restore(fetch: () => Promise<RunHistory>): Promise<void> {
    isRestoring = true;
    try {
      const history = await fetch();
      watched.value = history.watched;
      points.value = history.points;
    } finally {
      isRestoring = false;
    }
  }

  function receive(event: WatchedEvent): void {
    // Another window began a run: show it, unless this one has its own.
    if (event.event === 'runStarting' && !isLive.value && !isRestoring && watched.value?.run !== event.run) {
      if (event.isResumed) void notices.attempt(() => restore(() => storedRun(event.run)));
      else begin(startingRun(event.run, event.project, null));
    }
    unread.push(event);
    takeInAfter(event.event === 'step' ? stepsWait : othersWait);
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
    watched.value = events.reduce((run, event) => reduceRun(run, event, Date.now()), watched.value!);
    triggerRef(points);
  }

  function begin(run: WatchedRun): void {
    watched.value = run;
    points.value = new StepPoints();
  }

  async function train(): Promise<void> {
    const { project } = current;
    if (project === null) return;
    await notices.attempt(async () => {
      const { run } = await workbench.call('training.start', {
        projectText: serialiseProject(project),
        device: preferences.settings.device,
        ...(startsFrom.value === null ? {} : { from: startsFrom.value }),
      });
      if (watched.value?.run === run) watched.value = { ...watched.value, trained: project };
      else begin(startingRun(run, project.name, project));
    });
  }

  /** Goes on with a paused run, or with a stopped one from its last checkpoint. */
  async function resume(changes?: TrainingChanges): Promise<void> {
    const run = watched.value;
    if (run === null) return;
    await notices.attempt(async () => {
      if (run.state.kind === 'paused') {
        await workbench.call('training.continue', { run: run.run, ...(changes === undefined ? {} : { changes }) });
      } else await goOn(run.run);
    });
  }

  /** Takes up any run again. */
  async function goOn(run: string): Promise<void> {
    if (watched.value?.run !== run) await restore(() => storedRun(run));
    await workbench.call('training.resume', { run });
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
    ...{ watched, points, startsFrom, state, isLive, canTrain, canPause, canResume, canStop },
    ...{ attach, train, resume, goOn, kill, ...actions },
  };
});
