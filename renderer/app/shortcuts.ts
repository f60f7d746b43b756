import type { Command, CommandId } from '../../core/commands.ts';
import { commandOfKeys } from './pressed-keys.ts';

const isMac = navigator.userAgent.includes('Macintosh');

/** The command whose keys were pressed. */
export function commandOf(event: KeyboardEvent): CommandId | undefined {
  if (event.isComposing) return undefined;
  const command = commandOfKeys(event, isMac);
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

/** Keys of a command as written on this machine: none that never reach this page. */
export function shownKeys({ shortcut, alsoShortcut, isTakenByBrowsers }: Command): readonly string[] {
  if (isTakenByBrowsers === true && window.torchwright === undefined) return [];
  return [shortcut, alsoShortcut].flatMap((keys) => (keys === undefined ? [] : [shownShortcut(keys)]));
}

export function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('textarea, select, input:not([type=checkbox], [type=range])');
}

/** Takes what is typed in a field, as leaving it does: a command that follows works with it. */
export function commitField(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement) || !field.matches('[data-commits]')) return;
  field.blur();
  field.focus();
}

/**
 * Whether the keyboard is on the canvas or in the outline, which carry `data-network`, or on nothing while one of them is
 * seen and no text is marked.
 */
export function isInNetwork(target: EventTarget | null): boolean {
  if (target === document.body)
    return document.querySelector('[data-network]') !== null && getSelection()?.isCollapsed !== false;
  return target instanceof HTMLElement && target.closest('[data-network]') !== null && !isTextField(target);
}
