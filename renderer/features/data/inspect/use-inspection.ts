import { computed, onMounted, onScopeDispose, shallowRef, watch } from 'vue';
import type { DataProgress } from '../../../../core/contract/data.ts';
import { inspectionName } from '../../../../core/contract/inspection.ts';
import type { AlikeImages, DataChoice, DatasetInspection } from '../../../../core/contract/inspection.ts';
import { FailureError } from '../../../../core/failure.ts';
import { useNotices } from '../../../app/notices.ts';
import { workbench } from '../../../app/workbench.ts';
import { useProject } from '../../project/project-store.ts';
import { useOwnData } from '../own-data-store.ts';

/** One data set that is here, and what was found by reading it. */
export function useInspection(name: string) {
  const notices = useNotices();
  const project = useProject();
  const own = useOwnData();
  const inspection = shallowRef<DatasetInspection | null>(null);
  const alike = shallowRef<AlikeImages | null>(null);
  /** Null: nothing is being read. */
  const progress = shallowRef<DataProgress | null>(null);

  /** As the project reads it, where it is the project's; else as it was read. */
  const of = computed((): DataChoice => {
    const data = project.project?.data;
    if (data?.source === name) return { source: name, ...(data.import === undefined ? {} : { import: data.import }) };
    const settings = own.imported.find(({ source }) => source === name)?.settings ?? {};
    return { source: name, ...(Object.keys(settings).length === 0 ? {} : { import: settings }) };
  });

  /** What was read of data of one's own; null of other data. */
  const dataset = computed(() => own.find(of.value));

  async function attempt<Found>(work: () => Promise<Found>): Promise<Found | null> {
    progress.value = { name, stage: 'starting', done: 0, total: null };
    const answer = await notices.attempt(() =>
      work().catch((error: unknown) => {
        // It was a person who ended it.
        if (error instanceof FailureError && error.failure.code === 'cancelled') return null;
        throw error;
      }),
    );
    progress.value = null;
    return answer ?? null;
  }

  async function read(): Promise<void> {
    inspection.value = await attempt(() => workbench.call('inspection.read', of.value));
  }

  async function findAlike(): Promise<void> {
    alike.value = await attempt(() => workbench.call('inspection.findAlike', of.value));
  }

  async function cancel(): Promise<void> {
    await notices.attempt(() => workbench.call('data.cancel', { name: inspectionName(of.value) }));
  }

  const forget = workbench.on('dataProgress', (told) => {
    if (progress.value !== null && told.name === inspectionName(of.value)) progress.value = told;
  });
  onMounted(read);
  // Read anew elsewhere, as by a training: what is being read here is the new reading already.
  watch(
    () => dataset.value?.imported,
    (now, before) => {
      if (now === undefined || before === undefined || progress.value !== null) return;
      alike.value = null;
      void read();
    },
  );
  onScopeDispose(forget);

  return { of, dataset, inspection, alike, progress, read, findAlike, cancel };
}
