import { computed, onBeforeUnmount, onMounted, ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';

/** Rows kept drawn above and below what is seen. */
const margin = 8;

interface VisibleRows {
  readonly first: ComputedRef<number>;
  readonly last: ComputedRef<number>;
  /** Scrolls so that a row is seen, if it is not. What was measured when it changed is taken: asking again would lay out the page. */
  readonly reveal: (index: number) => void;
}

/** Which rows, or columns, of a long list of equal ones are to be drawn: `first` up to but without `last`. */
export function useVisibleRows(
  scroller: Readonly<Ref<HTMLElement | null>>,
  rowHeight: number,
  count: () => number,
  axis: 'vertical' | 'horizontal' = 'vertical',
): VisibleRows {
  const top = ref(0);
  const height = ref(600);
  const observer = new ResizeObserver(measure);

  function measure(): void {
    const isVertical = axis === 'vertical';
    top.value = (isVertical ? scroller.value?.scrollTop : scroller.value?.scrollLeft) ?? 0;
    height.value = (isVertical ? scroller.value?.clientHeight : scroller.value?.clientWidth) ?? 0;
  }

  onMounted(() => {
    measure();
    observer.observe(scroller.value!);
    scroller.value!.addEventListener('scroll', measure, { passive: true });
  });
  onBeforeUnmount(() => observer.disconnect());

  const first = computed(() => Math.max(0, Math.min(count(), Math.floor(top.value / rowHeight)) - margin));
  const last = computed(() => Math.min(count(), Math.ceil((top.value + height.value) / rowHeight) + margin));
  function reveal(index: number): void {
    const at = index * rowHeight;
    if (at < top.value || at + rowHeight > top.value + height.value) scroller.value!.scrollTop = at - height.value / 3;
  }

  return { first, last, reveal };
}
