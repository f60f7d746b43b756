import { commands } from '../../core/commands.ts';
import type { Command } from '../../core/commands.ts';

/** What of a KeyboardEvent decides which command is meant. */
export interface PressedKeys {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** The command that keys stand for, wherever the keyboard is. */
export function commandOfKeys(pressed: PressedKeys, isMac: boolean): Command | undefined {
  return commands.find(({ shortcut, alsoShortcut }) =>
    [shortcut, alsoShortcut].some((keys) => keys !== undefined && matches(pressed, keys, isMac)),
  );
}

function matches(pressed: PressedKeys, shortcut: string, isMac: boolean): boolean {
  const keys = shortcut.split('+');
  const key = keys.at(-1)!;
  const mod = isMac ? pressed.metaKey : pressed.ctrlKey;
  return (
    pressed.key.toLowerCase() === key.toLowerCase() &&
    mod === keys.includes('Mod') &&
    pressed.shiftKey === keys.includes('Shift') &&
    pressed.altKey === keys.includes('Alt')
  );
}
