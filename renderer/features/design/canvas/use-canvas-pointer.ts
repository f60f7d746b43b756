import { shallowRef } from 'vue';
import type { DropPoint } from '../../../../core/drawing/drawing.ts';
import type { Address } from '../../../../core/network/address.ts';
import { useDesign } from '../design-store.ts';
import { rangeTo } from './choose.ts';
import { distanceTo, nearestDrop } from './nearest-drop.ts';
import type { Stage } from './stage.ts';

/** Pixels of the screen from which a place between two modules shows that something fits there. */
const hoverReach = 14;
/** Smaller than that nobody meets such a place. */
const smallestHover = 0.35;

/** The pointer on the canvas: selecting, entering, opening and closing, and the places between modules it comes near. */
export function useCanvasPointer(stage: () => Stage | null, zoom: () => number) {
  const design = useDesign();
  const near = shallowRef<DropPoint | undefined>();

  /** The module under the pointer: from afar there is only a picture of it. */
  function moduleUnder(event: MouseEvent): Address | undefined {
    const point = stage()?.pointAt(event.clientX, event.clientY);
    if (point === undefined || design.drawing === null) return undefined;
    return moduleOf(event) ?? design.drawing.modules.findLast((module) => distanceTo(module, point) === 0)?.address;
  }

  function click(event: MouseEvent): void {
    const address = moduleUnder(event);
    if (address === undefined) design.select([]);
    else if (event.target instanceof Element && event.target.closest('[data-toggle]') !== null) {
      design.toggleClosed(address);
    } else if (event.ctrlKey || event.metaKey) design.toggle(address);
    else if (event.shiftKey) design.select(rangeTo(design.drawing!, design.selection[0], address));
    else design.select([address]);
  }

  function enter(event: MouseEvent): void {
    const address = moduleUnder(event);
    const module = design.drawing?.modules.find((drawn) => drawn.address === address);
    if (module !== undefined && module.kind !== 'card') design.enter(module.address);
  }

  /** What is called up on a module is about it, or about the selection it belongs to. */
  function callUp(event: MouseEvent): void {
    const address = moduleUnder(event);
    if (address !== undefined && !design.selection.includes(address)) design.select([address]);
  }

  function hover(event: PointerEvent): void {
    const scene = stage();
    if (scene === null || design.drawing === null || event.buttons !== 0 || zoom() < smallestHover) {
      near.value = undefined;
      return;
    }
    const between = design.drawing.drops.filter(({ kind }) => kind === 'between');
    near.value = nearestDrop(between, scene.pointAt(event.clientX, event.clientY), hoverReach / zoom());
  }

  return { near, click, enter, callUp, hover };
}

export function moduleOf({ target }: Event): Address | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-module]') : null;
  return element?.dataset['module'];
}
