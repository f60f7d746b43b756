import { commands } from '../../core/commands.ts';
import type { CommandId } from '../../core/commands.ts';

const isMac = navigator.userAgent.includes('Macintosh');

/** The command whose keys were pressed. */
export function commandOf(event: KeyboardEvent): CommandId | undefined {
  if (event.isComposing) return undefined;
  const command = commands.find(({ shortcut }) => shortcut !== undefined && matches(event, shortcut));
  if (command === undefined || command.isHeardByBrowser === true) return undefined;
  if (command.isOfNetwork === true && !isInNetwork(event.target)) return undefined;
  return command.id;
}

/** As written on the keys of this machine: ⇧⌘S, Ctrl+Shift+S. */
export function shownShortcut(shortcut: string): string {
  const plain = shortcut.replace('ArrowUp', '↑').replace('ArrowDown', '↓');
  if (!isMac) return plain.replace('Mod', 'Ctrl');
  return plain.replace('Shift', '⇧').replace('Alt', '⌥').replace('Mod', '⌘').replaceAll('+', '');
}

function matches(event: KeyboardEvent, shortcut: string): boolean {
  const keys = shortcut.split('+');
  const key = keys.at(-1)!;
  const mod = isMac ? event.metaKey : event.ctrlKey;
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    mod === keys.includes('Mod') &&
    event.shiftKey === keys.includes('Shift') &&
    event.altKey === keys.includes('Alt')
  );
}

/** A field edits its own text: what undoes and redoes there is its own. */
export function belongsToField(event: KeyboardEvent, command: CommandId): boolean {
  return (command === 'undo' || command === 'redo') && isTextField(event.target);
}

export function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('textarea, select, input:not([type=checkbox], [type=range])');
}

/** Whether the keyboard is on the canvas or in the outline: both carry `data-network`. */
export function isInNetwork(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[data-network]') !== null && !isTextField(target);
}
