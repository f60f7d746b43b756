import { onScopeDispose, shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';

/** Follows `source`, but changes no more often than every `milliseconds`; the first change comes at once, the last always. */
export function useCalm<Value>(source: () => Value, milliseconds: number): Readonly<ShallowRef<Value>> {
  const calm = shallowRef(source());
  let taken = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = () => {
    timer = undefined;
    taken = performance.now();
    calm.value = source();
  };
  watch(source, () => {
    const wait = taken + milliseconds - performance.now();
    if (wait <= 0) take();
    else timer ??= setTimeout(take, wait);
  });
  onScopeDispose(() => clearTimeout(timer));
  return calm;
}
