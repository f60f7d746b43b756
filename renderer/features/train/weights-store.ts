import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { NamedShape } from '../../../core/contract/weights.ts';
import { matchWeights } from '../../../core/weights/match-weights.ts';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';
import { useProject } from '../project/project-store.ts';
import { bringFile } from './bring-file.ts';
import { useTraining } from './training-store.ts';

interface GivenWeights {
  /** Where the workbench finds it. */
  readonly place: string;
  readonly name: string;
  readonly tensors: readonly NamedShape[];
}

/** A file of weights that the next training may begin with. */
export const useWeights = defineStore('weights', () => {
  const notices = useNotices();
  const current = useProject();
  const training = useTraining();
  const given = shallowRef<GivenWeights | null>(null);
  const isReading = ref(false);

  /** Of the network as it is now; null where nothing is given or the network cannot work. */
  const report = computed(() => {
    const network = current.facts?.resolved;
    return given.value && network ? matchWeights(network, given.value.tensors) : null;
  });

  const sentence = computed(() => {
    const name = given.value?.name ?? '';
    if (report.value === null) return `What of ${name} fits is told when the network works.`;
    const { matched, missing, otherShape } = report.value;
    const all = matched.length + missing.length + otherShape.length;
    return matched.length === 0
      ? `${name} holds none of this network’s ${all} tensors: the training would begin afresh.`
      : `${name}: ${matched.length} of ${all} tensors have the same name and shape.`;
  });

  async function take(file: File): Promise<void> {
    isReading.value = true;
    await notices.attempt(async () => {
      const place = await bringFile(file);
      const { tensors } = await workbench.call('weights.read', { file: place });
      given.value = { place, name: file.name, tensors };
      training.startsFrom = place;
      // It may have been dropped where the report is not seen.
      notices.tell(sentence.value);
    });
    isReading.value = false;
  }

  return { given, isReading, report, sentence, take };
});
