import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import type { DropPoint } from '../../../../core/drawing/drawing.ts';
import type { Address } from '../../../../core/network/address.ts';
import { useDesign } from '../design-store.ts';
import { whenDragged } from '../when-dragged.ts';
import { nearestDrop, openTo } from './nearest-drop.ts';
import type { Point, Stage } from './stage.ts';
import { counted } from '../../../app/format.ts';

/** Pixels of the screen from which a drop point draws what is dragged. */
const reach = 110;
/** Pixels from an edge of the canvas at which it begins to scroll, and how far it scrolls in a frame at the most. */
const edge = 48;
const fastest = 18;

/** Dragging over the canvas with the pointer, from wherever it began: what follows it, and which drop point takes it. */
export function useDrag(
  canvas: Readonly<ShallowRef<HTMLElement | null>>,
  stage: () => Stage | null,
  zoom: () => number,
) {
  const design = useDesign();
  const pointer = shallowRef<Point | null>(null);
  const lit = shallowRef<DropPoint | undefined>();
  /** Whether the pointer was away from the edges since it came over the canvas: who crosses an edge does not mean it. */
  let mayScroll = false;

  const open = computed(() => {
    const { drag, drawing } = design;
    if (drag === null || drawing === null) return [];
    return openTo(drawing.drops, drag.kind === 'move' ? drag.addresses : []);
  });

  /** A module is pressed: it is dragged as soon as the pointer moves far enough. */
  function press(event: PointerEvent, address: Address, title: string): void {
    whenDragged(event, (moved) => {
      const { selection } = design;
      const addresses = selection.includes(address) ? selection : [address];
      const words = addresses.length === 1 ? title : counted(addresses.length, 'module');
      design.beginDrag({ kind: 'move', title: words, addresses });
      follow(moved);
    });
  }

  function follow({ clientX, clientY }: PointerEvent): void {
    pointer.value = { x: clientX, y: clientY };
    aim();
  }

  function aim(): void {
    const at = pointer.value;
    const scene = stage();
    if (at === null || scene === null || !isOver(at)) lit.value = undefined;
    else lit.value = nearestDrop(open.value, scene.pointAt(at.x, at.y), reach / zoom());
  }

  function isOver({ x, y }: Point): boolean {
    const box = canvas.value?.getBoundingClientRect();
    return box !== undefined && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  }

  function scroll(): void {
    if (design.drag === null) return;
    const box = canvas.value?.getBoundingClientRect();
    const at = pointer.value;
    if (box === undefined || at === null || !isOver(at)) mayScroll = false;
    else {
      const x = pull(at.x - box.left, box.right - at.x);
      const y = pull(at.y - box.top, box.bottom - at.y);
      if (x === 0 && y === 0) mayScroll = true;
      else if (mayScroll) {
        stage()?.panBy(x, y);
        aim();
      }
    }
    requestAnimationFrame(scroll);
  }

  function drop(event: PointerEvent): void {
    follow(event);
    swallowClick();
    design.endDrag(lit.value ?? null);
  }

  function cancel(): void {
    design.endDrag(null);
  }

  function cancelByKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    cancel();
  }

  function listen(): void {
    mayScroll = false;
    window.addEventListener('pointermove', follow);
    window.addEventListener('pointerup', drop);
    window.addEventListener('pointercancel', cancel);
    window.addEventListener('blur', cancel);
    window.addEventListener('keydown', cancelByKey, { capture: true });
    requestAnimationFrame(scroll);
  }

  function deafen(): void {
    window.removeEventListener('pointermove', follow);
    window.removeEventListener('pointerup', drop);
    window.removeEventListener('pointercancel', cancel);
    window.removeEventListener('blur', cancel);
    window.removeEventListener('keydown', cancelByKey, { capture: true });
    pointer.value = null;
    lit.value = undefined;
  }

  watch(
    () => design.drag !== null,
    (isDragged) => (isDragged ? listen() : deafen()),
    { flush: 'sync' },
  );
  onScopeDispose(() => {
    cancel();
    deafen();
  });

  return { pointer, lit, open, press };
}

/** How far to scroll for a pointer so far from the edge before and the edge after. */
function pull(before: number, after: number): number {
  if (before < edge) return Math.ceil(((edge - before) / edge) * fastest);
  if (after < edge) return -Math.ceil(((edge - after) / edge) * fastest);
  return 0;
}

/** The click that the browser makes of letting go means nothing. */
export function swallowClick(): void {
  const swallow = (event: MouseEvent): void => event.stopPropagation();
  window.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
}
