import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { Project } from '../../../core/project/project.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { standardSweep } from '../../../core/training/rate-finder.ts';
import type { RateFinding, RateSweep } from '../../../core/training/rate-finder.ts';
import { useNotices } from '../../app/notices.ts';
import { useSettings } from '../../app/settings-store.ts';
import { workbench } from '../../app/workbench.ts';
import { useProject } from '../project/project-store.ts';
import { useTraining } from './training-store.ts';

/** The search for a learning rate that this window shows. */
export const useRateFinder = defineStore('rateFinder', () => {
  const current = useProject();
  const training = useTraining();
  const notices = useNotices();
  const preferences = useSettings();
  const isShown = shallowRef(false);
  const sweep = shallowRef<RateSweep>(standardSweep);
  const finding = shallowRef<RateFinding | null>(null);
  /** What it was found for: a rate suits one network, its data, loss, optimizer and batch size. */
  const foundFor = shallowRef('');
  /** Of the search under way. */
  const search = shallowRef<string | null>(null);

  /** A paused run is looked at as its checkpoint left it; beside one that trains, the search would slow both. */
  const pausedRun = computed(() => (training.state === 'paused' ? training.watched!.run : null));
  const canFind = computed(
    () => search.value === null && (pausedRun.value !== null || (current.obstacle === null && !training.isLive)),
  );

  const isOutdated = computed(() => finding.value !== null && foundFor.value !== subjectOf(current.project));

  watch(
    () => current.key,
    () => {
      void stop();
      isShown.value = false;
      finding.value = null;
      sweep.value = standardSweep;
    },
    { flush: 'sync' },
  );

  async function find(): Promise<void> {
    const id = crypto.randomUUID();
    const subject =
      pausedRun.value === null ? { projectText: serialiseProject(current.project!) } : { run: pausedRun.value };
    const { key } = current;
    search.value = id;
    finding.value = null;
    foundFor.value = subjectOf(current.project);
    // Of a project that was left meanwhile nothing is shown.
    const take = (found: RateFinding): void => {
      if (current.key === key) finding.value = found;
    };
    const forget = workbench.on('rateFinding', (told) => {
      if (told.search === id) take(told.finding);
    });
    const { device } = preferences.settings;
    const wanted = { search: id, subject, sweep: sweep.value, device };
    const found = await notices.attempt(() => workbench.call('training.findRate', wanted));
    forget();
    search.value = null;
    if (found !== undefined) take(found);
  }

  async function stop(): Promise<void> {
    const id = search.value;
    if (id !== null) await notices.attempt(() => workbench.call('training.stopFindingRate', { search: id }));
  }

  return { isShown, sweep, finding, isOutdated, search, pausedRun, canFind, find, stop };
});

function subjectOf(project: Project | null): string {
  if (project === null) return '';
  const { networks, blocks, data, recipe } = project;
  const { optimizer, loss, batchSize } = recipe;
  return JSON.stringify({ networks, blocks, data, optimizer, loss, batchSize });
}
