import { computed, onBeforeUnmount, onMounted, ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';

/** Rows kept drawn above and below what is seen. */
const margin = 8;

/** Which rows of a long list of equal rows are to be drawn: `first` up to but without `last`. */
export function useVisibleRows(
  scroller: Readonly<Ref<HTMLElement | null>>,
  rowHeight: number,
  count: () => number,
): { readonly first: ComputedRef<number>; readonly last: ComputedRef<number> } {
  const top = ref(0);
  const height = ref(600);
  const observer = new ResizeObserver(measure);

  function measure(): void {
    top.value = scroller.value?.scrollTop ?? 0;
    height.value = scroller.value?.clientHeight ?? 0;
  }

  onMounted(() => {
    measure();
    observer.observe(scroller.value!);
    scroller.value!.addEventListener('scroll', measure, { passive: true });
  });
  onBeforeUnmount(() => observer.disconnect());

  const first = computed(() => Math.max(0, Math.min(count(), Math.floor(top.value / rowHeight)) - margin));
  const last = computed(() => Math.min(count(), Math.ceil((top.value + height.value) / rowHeight) + margin));
  return { first, last };
}
