import { shallowRef, watch } from 'vue';
import type { ShallowRef, WatchSource } from 'vue';
import type { Box } from '../../../../core/drawing/drawing.ts';

/** Set on what lies over the canvas and hides what is drawn there. */
const mark = '[data-covers-canvas]';

/** Boxes of the canvas, in pixels, that something lies over. Measured again after `changes`, while `isAsked`. */
export function useCovers(
  canvas: Readonly<ShallowRef<HTMLElement | null>>,
  isAsked: () => boolean,
  changes: readonly WatchSource[],
): Readonly<ShallowRef<readonly Box[]>> {
  const covers = shallowRef<readonly Box[]>([]);
  watch(
    [canvas, isAsked, ...changes],
    () => {
      const around = canvas.value?.closest('[data-canvas-area]');
      if (!around || !isAsked()) return;
      const from = canvas.value!.getBoundingClientRect();
      covers.value = [...around.querySelectorAll(mark)].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { x: x - from.x, y: y - from.y, width, height };
      });
    },
    { flush: 'post', immediate: true },
  );
  return covers;
}
