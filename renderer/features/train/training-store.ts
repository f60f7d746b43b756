import { defineStore } from 'pinia';
import { computed, shallowRef, triggerRef } from 'vue';
import type { LiveRun, WatchedEvent } from '../../../core/contract/training.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import type { TrainingChanges } from '../../../core/training/events.ts';
import { useNotices } from '../../app/notices.ts';
import { useSettings } from '../../app/settings-store.ts';
import { workbench } from '../../app/workbench.ts';
import { useProject } from '../project/project-store.ts';
import { readProject } from '../project/read-project.ts';
import { canGoOn, isOver, reduceRun, startingRun } from './live-run.ts';
import type { WatchedRun } from './live-run.ts';
import { StepPoints } from './step-points.ts';

/** Milliseconds between two drawings of what comes in. */
const drawEvery = 100;

/** The run this window watches, and what can be done with it. */
export const useTraining = defineStore('training', () => {
  const current = useProject();
  const notices = useNotices();
  const preferences = useSettings();
  const watched = shallowRef<WatchedRun | null>(null);
  /** Grows in place; told when it did. */
  const points = shallowRef(new StepPoints());
  let unread: WatchedEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

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
    const live = await workbench.call('training.active');
    const newest = live.at(-1);
    if (newest !== undefined) adopt(newest);
  }

  function adopt(live: LiveRun): void {
    const { run, project, started, step, epochs, markers } = live;
    const read = readProject(live.projectText);
    const trained = read.ok ? read.project : null;
    watched.value = { run, project, trained, state: { kind: live.state }, started, step, epochs, markers };
    points.value = new StepPoints();
    if (started !== null) points.value.addSeries(live.series, started.stepsPerEpoch);
    triggerRef(points);
  }

  function receive(event: WatchedEvent): void {
    // Another window began a run: show it, unless this one has its own.
    if (event.event === 'runStarting' && !isLive.value && watched.value?.run !== event.run) {
      begin(startingRun(event.run, event.project, null));
    }
    unread.push(event);
    timer ??= setTimeout(takeIn, drawEvery);
  }

  function takeIn(): void {
    timer = undefined;
    const events = unread;
    unread = [];
    let run = watched.value;
    for (const event of events) {
      if (run?.run !== event.run) continue;
      run = reduceRun(run, event, Date.now());
      if (event.event === 'step') points.value.add(event);
    }
    watched.value = run;
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

  /** Takes up any run of the table again. */
  async function goOn(run: string): Promise<void> {
    await workbench.call('training.resume', { run });
    const live = (await workbench.call('training.active')).find((candidate) => candidate.run === run);
    if (live !== undefined) adopt(live);
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
    ...{ watched, points, state, isLive, canTrain, canPause, canResume, canStop },
    ...{ attach, train, resume, goOn, kill, ...actions },
  };
});
