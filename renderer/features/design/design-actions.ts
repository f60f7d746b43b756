import type { CommandId } from '../../../core/commands.ts';
import { isContainer } from '../../../core/network/containers.ts';
import { moduleAt } from '../../../core/network/address.ts';
import { usePlaces } from '../../app/places.ts';
import { useProject } from '../project/project-store.ts';
import { useDesign } from './design-store.ts';
import { useProfile } from './profile-store.ts';
import { copyModules, cutModules, pasteModules } from './module-clipboard.ts';
import { saveDrawing } from './save-drawing.ts';

interface Action {
  readonly canExecute: () => boolean;
  readonly execute: () => unknown;
}

/** What the commands of the network do, and when they can. */
export function designActions() {
  const design = useDesign();
  const current = useProject();
  const places = usePlaces();
  const profile = useProfile();

  const isShown = () => current.project !== null && places.place === 'design';
  const isAnySelected = () => isShown() && design.selection.length > 0;
  const isContainerSelected = () => {
    const [first] = design.selection;
    return isShown() && first !== undefined && isContainer(moduleAt(current.project!, first));
  };
  const withSelection = (execute: () => unknown): Action => ({ canExecute: isAnySelected, execute });
  const withNetwork = (execute: () => unknown): Action => ({ canExecute: isShown, execute });

  return {
    cut: withSelection(cutModules),
    copy: withSelection(copyModules),
    paste: withNetwork(pasteModules),
    duplicate: withSelection(design.duplicate),
    remove: withSelection(design.remove),
    selectAll: withNetwork(design.selectAll),
    quickInsert: withNetwork(() => design.askQuickInsert()),
    renameModule: withSelection(() => (design.renaming = design.selection[0] ?? null)),
    moveUp: withSelection(() => design.shift(-1)),
    moveDown: withSelection(() => design.shift(1)),
    wrapSequential: withSelection(() => design.wrap('Sequential')),
    wrapResidual: withSelection(() => design.wrap('Residual')),
    wrapFork: withSelection(() => design.wrap('Fork')),
    wrapRepeat: withSelection(() => design.wrap('Repeat')),
    unwrap: { canExecute: isContainerSelected, execute: design.unwrap },
    makeBlock: withSelection(() => (places.dialog = 'makeBlock')),
    enterModule: { canExecute: isContainerSelected, execute: () => design.enter(design.selection[0]!) },
    leaveModule: { canExecute: () => isShown() && design.isInside, execute: design.leave },
    toggleColumns: withNetwork(design.toggleColumns),
    profile: withNetwork(() => (profile.isOpen ? profile.close() : profile.show())),
    saveDrawingSvg: withNetwork(() => saveDrawing('svg')),
    saveDrawingPng: withNetwork(() => saveDrawing('png')),
  } satisfies Partial<Record<CommandId, Action>>;
}
