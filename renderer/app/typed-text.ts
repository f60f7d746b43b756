import type { CommandId } from '../../core/commands.ts';

/** Fields typed into since their text was last taken, each with its text then. */
const textBefore = new WeakMap<EventTarget, string>();

/** Hears which fields are typed into. */
export function followTyping(): void {
  window.addEventListener('beforeinput', begin, { capture: true });
  window.addEventListener('change', end, { capture: true });
}

function begin({ target }: Event): void {
  if (target instanceof HTMLInputElement && !textBefore.has(target)) textBefore.set(target, target.value);
}

function end({ target }: Event): void {
  if (target !== null) textBefore.delete(target);
}

/** A text that was used without leaving its field, as a search is by Enter. */
export function textTaken({ target }: Event): void {
  if (target !== null) textBefore.delete(target);
}

/**
 * Whether a field undoes or redoes its own text: only while something typed into it is not taken yet. The browser keeps
 * one history for all fields of a page, so asked any further it would go to another field and change that.
 */
export function belongsToField({ target }: Pick<Event, 'target'>, command: CommandId): boolean {
  if (command !== 'undo' && command !== 'redo') return false;
  if (target instanceof HTMLTextAreaElement) return true;
  const before = target === null ? undefined : textBefore.get(target);
  if (before === undefined || !(target instanceof HTMLInputElement)) return false;
  return command === 'redo' || target.value !== before;
}
