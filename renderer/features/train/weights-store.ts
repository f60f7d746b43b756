import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { NamedShapes } from '../../../core/contract/weights.ts';
import { freshFrozenModules } from '../../../core/weights/fresh-frozen.ts';
import { matchWeights } from '../../../core/weights/match-weights.ts';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';
import { useProject } from '../project/project-store.ts';
import { bringFile } from './bring-file.ts';
import { prefixWords } from './outcome-words.ts';
import { useTraining } from './training-store.ts';

interface GivenWeights {
  /** Where the workbench finds it. */
  readonly place: string;
  readonly name: string;
  /** Its state dicts: nearly always one. */
  readonly entries: readonly NamedShapes[];
}

/** A file of weights that the next training may begin with. */
export const useWeights = defineStore('weights', () => {
  const notices = useNotices();
  const current = useProject();
  const training = useTraining();
  const given = shallowRef<GivenWeights | null>(null);
  const isReading = ref(false);
  /** Name of the state dict that is taken; null until one of several is chosen. */
  const entry = ref<string | null>(null);
  const allowsFreshFrozen = ref(false);

  const isGiven = computed(() => given.value !== null && training.startsFrom === given.value.place);
  const tensors = computed(() => given.value?.entries.find(({ name }) => name === entry.value)?.tensors);

  watch(
    () => current.key,
    () => {
      given.value = null;
      allowsFreshFrozen.value = false;
    },
    { flush: 'sync' },
  );

  /** Of the network as it is now; null where nothing is given or the network cannot work. */
  const report = computed(() => {
    const network = current.facts?.resolved;
    return tensors.value && network ? matchWeights(network, tensors.value) : null;
  });

  /** Frozen modules that would keep random values. Of another run's weights the training itself finds out. */
  const freshFrozen = computed(() => {
    const network = current.facts?.resolved;
    if (!network || (training.startsFrom !== null && report.value === null)) return [];
    return freshFrozenModules(network, isGiven.value ? report.value : null);
  });

  /** What the training is given beside the file; its store cannot ask this one, which builds on it. */
  const choice = computed(() => ({
    ...(isGiven.value && entry.value !== null && given.value!.entries.length > 1 ? { fromEntry: entry.value } : {}),
    ...(allowsFreshFrozen.value ? { allowFreshFrozen: true } : {}),
  }));

  watch(choice, (now) => (training.startChoice = now), { immediate: true, flush: 'sync' });

  const sentence = computed(() => {
    const name = given.value?.name ?? '';
    if (given.value && entry.value === null) {
      return `${name} holds ${given.value.entries.length} state dicts. Choose one.`;
    }
    if (report.value === null) return `${name} cannot be compared until the network has no errors.`;
    const { matched, missing, otherShape, prefix } = report.value;
    const all = matched.length + missing.length + otherShape.length;
    return matched.length === 0
      ? `${name} contains none of this network’s ${all} tensors.`
      : `${name}: ${matched.length} of ${all} tensors have the same name and shape${prefixWords(prefix)}.`;
  });

  async function take(file: File): Promise<void> {
    isReading.value = true;
    await notices.attempt(async () => {
      const place = await bringFile(file);
      const { entries } = await workbench.call('weights.read', { file: place });
      given.value = { place, name: file.name, entries };
      entry.value = entries.length === 1 ? entries[0]!.name : null;
      training.startsFrom = place;
      // It may have been dropped where the report is not seen.
      notices.tell(sentence.value);
    });
    isReading.value = false;
  }

  return { given, isReading, isGiven, entry, allowsFreshFrozen, freshFrozen, report, sentence, take };
});
