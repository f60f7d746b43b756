import { useDesign } from '../design-store.ts';
import { rangeTo } from './choose.ts';
import type { Stage } from './stage.ts';
import { walked } from './walk.ts';
import type { Direction } from './walk.ts';

const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** The keyboard on the canvas. Edits come from the table of commands. */
export function useCanvasKeys(stage: () => Stage | null) {
  const design = useDesign();

  const active = () => design.drawing?.modules.find(({ address }) => address === design.selection.at(-1));

  function walk(direction: Direction, isExtending: boolean): void {
    const { drawing, selection } = design;
    if (drawing === null) return;
    const next = walked(drawing, selection.at(-1) ?? '', direction)?.address;
    if (next === undefined) return;
    design.select(isExtending ? rangeTo(drawing, selection[0], next) : [next]);
  }

  function enter(): void {
    const module = active();
    if (module !== undefined && module.kind !== 'card') design.enter(module.address);
  }

  function toggle(): void {
    const module = active();
    if (module !== undefined && module.kind !== 'card') design.toggleClosed(module.address);
  }

  function leave(): void {
    if (design.isInside) design.leave();
    else design.select([]);
  }

  function end(index: 0 | -1): void {
    const module = design.drawing?.modules.at(index);
    if (module !== undefined) design.select([module.address]);
  }

  const keys: Readonly<Record<string, () => void>> = {
    Enter: enter,
    ' ': toggle,
    Escape: leave,
    Backspace: leave,
    Home: () => end(0),
    End: () => end(-1),
    '/': () => design.askQuickInsert(),
    Insert: () => design.askQuickInsert(),
    '+': () => stage()?.zoomBy(1.25),
    '=': () => stage()?.zoomBy(1.25),
    '-': () => stage()?.zoomBy(1 / 1.25),
    '0': () => stage()?.fit(),
    '1': () => stage()?.actualSize(),
  };

  return function steer(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target instanceof HTMLButtonElement && (event.key === 'Enter' || event.key === ' ')) return;
    const direction = directions[event.key];
    const act = direction === undefined ? keys[event.key] : () => walk(direction, event.shiftKey);
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
}
