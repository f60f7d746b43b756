import { onScopeDispose, readonly, ref, watch } from 'vue';
import type { Ref } from 'vue';

/** True once `source` has been true for so many milliseconds: what is over sooner is not worth a flicker. */
export function useLasting(source: () => boolean, milliseconds: number): Readonly<Ref<boolean>> {
  const isLasting = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    source,
    (now) => {
      clearTimeout(timer);
      if (now) timer = setTimeout(() => (isLasting.value = true), milliseconds);
      else isLasting.value = false;
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return readonly(isLasting);
}
