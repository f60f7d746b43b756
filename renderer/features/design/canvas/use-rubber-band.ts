import { onScopeDispose, shallowRef } from 'vue';
import type { Box } from '../../../../core/drawing/drawing.ts';
import { useDesign } from '../design-store.ts';
import { within } from './choose.ts';
import type { Point, Stage } from './stage.ts';
import { swallowClick } from './use-drag.ts';

/** Pressed with Shift beside the cards, the pointer draws a rectangle in the drawing: what lies in it is selected. */
export function useRubberBand(stage: () => Stage | null) {
  const design = useDesign();
  const band = shallowRef<Box | null>(null);
  let from: Point | null = null;

  function begin(event: MouseEvent): void {
    const isBeside = event.target instanceof Element && event.target.closest('.nopan') === null;
    if (!event.shiftKey || event.button !== 0 || !isBeside) return;
    from = stage()?.pointAt(event.clientX, event.clientY) ?? null;
    // Vue Flow would pan.
    event.stopPropagation();
    event.preventDefault();
    window.addEventListener('mousemove', draw);
    window.addEventListener('mouseup', end);
  }

  function draw({ clientX, clientY }: MouseEvent): void {
    const to = stage()?.pointAt(clientX, clientY);
    if (to === undefined || from === null) return;
    const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
    band.value = { x, y, width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y) };
  }

  function end(): void {
    deafen();
    if (band.value === null || design.drawing === null) return;
    swallowClick();
    design.select(within(design.drawing, band.value));
    band.value = null;
  }

  function deafen(): void {
    window.removeEventListener('mousemove', draw);
    window.removeEventListener('mouseup', end);
  }

  onScopeDispose(deafen);
  return { band, begin };
}
