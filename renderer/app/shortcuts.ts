import { commands } from '../../core/commands.ts';
import type { CommandId } from '../../core/commands.ts';

const isMac = navigator.userAgent.includes('Macintosh');

/** The command whose keys were pressed. */
export function commandOf(event: KeyboardEvent): CommandId | undefined {
  if (event.isComposing) return undefined;
  return commands.find(({ shortcut }) => shortcut !== undefined && matches(event, shortcut))?.id;
}

/** As written on the keys of this machine: ⇧⌘S, Ctrl+Shift+S. */
export function shownShortcut(shortcut: string): string {
  if (!isMac) return shortcut.replace('Mod', 'Ctrl');
  return shortcut.replace('Shift', '⇧').replace('Mod', '⌘').replaceAll('+', '');
}

function matches(event: KeyboardEvent, shortcut: string): boolean {
  const keys = shortcut.split('+');
  const key = keys.at(-1)!;
  const mod = isMac ? event.metaKey : event.ctrlKey;
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    mod === keys.includes('Mod') &&
    event.shiftKey === keys.includes('Shift') &&
    !event.altKey
  );
}

/** A field edits its own text: what undoes and redoes there is its own. */
export function belongsToField(event: KeyboardEvent, command: CommandId): boolean {
  if (command !== 'undo' && command !== 'redo') return false;
  const target = event.target as HTMLElement;
  return target.matches('textarea, input:not([type=checkbox], [type=range])');
}
