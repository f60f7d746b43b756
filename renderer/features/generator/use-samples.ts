import { ref, shallowRef } from 'vue';
import type { Ref, ShallowRef } from 'vue';
import type { MadeSamples, SampleWish } from '../../../core/contract/samples.ts';
import { useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';

export interface Samples {
  readonly made: Readonly<ShallowRef<MadeSamples | null>>;
  /** What `made` was made by. */
  readonly wish: Readonly<ShallowRef<SampleWish | null>>;
  readonly isMaking: Readonly<Ref<boolean>>;
  readonly make: (wish: SampleWish) => Promise<void>;
}

/** What the generator of a run makes when it is asked. */
export function useSamples(run: () => string): Samples {
  const notices = useNotices();
  const made = shallowRef<MadeSamples | null>(null);
  const wish = shallowRef<SampleWish | null>(null);
  const isMaking = ref(false);
  async function make(wanted: SampleWish): Promise<void> {
    isMaking.value = true;
    const answer = await notices.attempt(() => workbench.call('samples.make', { run: run(), wish: wanted }));
    isMaking.value = false;
    if (answer === undefined) return;
    made.value = answer;
    wish.value = wanted;
  }
  return { made, wish, isMaking, make };
}

/** Of noise that nobody chose. */
export function drawnSeed(): number {
  return Math.floor(Math.random() * 1_000_000);
}
