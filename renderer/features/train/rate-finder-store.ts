import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
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
  /** Of the search under way. */
  const search = shallowRef<string | null>(null);

  /** A paused run is looked at as its checkpoint left it; beside one that trains, the search would slow both. */
  const pausedRun = computed(() => (training.state === 'paused' ? training.watched!.run : null));
  const canFind = computed(
    () => search.value === null && (pausedRun.value !== null || (current.problems.length === 0 && !training.isLive)),
  );

  async function find(): Promise<void> {
    const id = crypto.randomUUID();
    const subject =
      pausedRun.value === null ? { projectText: serialiseProject(current.project!) } : { run: pausedRun.value };
    search.value = id;
    finding.value = null;
    const forget = workbench.on('rateFinding', (told) => {
      if (told.search === id) finding.value = told.finding;
    });
    const { device } = preferences.settings;
    const wanted = { search: id, subject, sweep: sweep.value, device };
    const found = await notices.attempt(() => workbench.call('training.findRate', wanted));
    forget();
    search.value = null;
    if (found !== undefined) finding.value = found;
  }

  async function stop(): Promise<void> {
    const id = search.value;
    if (id !== null) await notices.attempt(() => workbench.call('training.stopFindingRate', { search: id }));
  }

  return { isShown, sweep, finding, search, pausedRun, canFind, find, stop };
});
