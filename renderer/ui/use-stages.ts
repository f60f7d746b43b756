import { onBeforeUnmount, shallowRef } from 'vue';
import type { ShallowRef } from 'vue';

/** Counts frames up to `last`: a page whose parts appear one a frame holds up nobody while it is put together. */
export function useStages(last: number): Readonly<ShallowRef<number>> {
  const stage = shallowRef(0);
  let frame = requestAnimationFrame(advance);
  function advance(): void {
    stage.value += 1;
    if (stage.value < last) frame = requestAnimationFrame(advance);
  }
  onBeforeUnmount(() => cancelAnimationFrame(frame));
  return stage;
}
