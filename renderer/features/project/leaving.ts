import { defineStore } from 'pinia';
import { usePlaces } from '../../app/places.ts';
import { useProject } from './project-store.ts';

/** Before another project takes the place of one with unsaved changes, the user says what becomes of them. */
export const useLeaving = defineStore('leaving', () => {
  const current = useProject();
  const places = usePlaces();
  let next: (() => void) | null = null;

  /** Goes on with `then` where nothing is lost, else asks; it may never come to it. */
  function leave(then: () => void): void {
    if (current.isDirty) holdFor('leave', then);
    else then();
  }

  /** Opens a dialog that goes on with `then` when it is answered so. */
  function holdFor(dialog: 'leave' | 'saveAs', then: () => void): void {
    next = then;
    places.dialog = dialog;
  }

  /** For the dialog that opens: with it goes what it would have gone on with. */
  function take(): (() => void) | null {
    const taken = next;
    next = null;
    return taken;
  }

  return { leave, holdFor, take };
});
