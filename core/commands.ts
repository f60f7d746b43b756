/**
 * Every command of the workbench, once: the native menu, the palette, the keyboard and the shortcut sheet are made from
 * this. What a command does, and when it can be done, is the window's: see renderer/app/command-actions.ts.
 */

export type Menu = 'File' | 'Edit' | 'Network' | 'Train' | 'View' | 'Help';

interface CommandDeclaration {
  readonly id: string;
  readonly title: string;
  readonly menu: Menu;
  /** `Mod` is Control, on a Mac the Command key; Shift, Alt. The key's name as in KeyboardEvent.key. */
  readonly shortcut?: string;
  /** Where the keyboard is in the network only: elsewhere the keys mean something else. */
  readonly isOfNetwork?: true;
  /** The browser itself hears the keys, and tells what they are for: cut, copy, paste. */
  readonly isHeardByBrowser?: true;
  /** A line above it in the menu. */
  readonly startsGroup?: true;
}

const declarations = [
  { id: 'newProject', title: 'New from a recipe…', menu: 'File', shortcut: 'Mod+N' },
  { id: 'newEmptyProject', title: 'New with an empty network', menu: 'File', shortcut: 'Mod+Shift+N' },
  { id: 'openProject', title: 'Open…', menu: 'File', shortcut: 'Mod+O' },
  { id: 'openRecent', title: 'Open a recent project…', menu: 'File', shortcut: 'Mod+Shift+O' },
  { id: 'saveProject', title: 'Save', menu: 'File', shortcut: 'Mod+S', startsGroup: true },
  { id: 'saveProjectAs', title: 'Save as…', menu: 'File', shortcut: 'Mod+Shift+S' },
  { id: 'renameProject', title: 'Rename the project…', menu: 'File' },

  { id: 'undo', title: 'Undo', menu: 'Edit', shortcut: 'Mod+Z' },
  { id: 'redo', title: 'Redo', menu: 'Edit', shortcut: 'Mod+Shift+Z' },
  { id: 'cut', title: 'Cut modules', menu: 'Edit', shortcut: 'Mod+X', isHeardByBrowser: true, startsGroup: true },
  { id: 'copy', title: 'Copy modules', menu: 'Edit', shortcut: 'Mod+C', isHeardByBrowser: true },
  { id: 'paste', title: 'Paste modules', menu: 'Edit', shortcut: 'Mod+V', isHeardByBrowser: true },
  { id: 'duplicate', title: 'Duplicate', menu: 'Edit', shortcut: 'Mod+D', isOfNetwork: true },
  { id: 'remove', title: 'Delete', menu: 'Edit', shortcut: 'Delete', isOfNetwork: true },
  { id: 'selectAll', title: 'Select all beside it', menu: 'Edit', shortcut: 'Mod+A', isOfNetwork: true },

  { id: 'quickInsert', title: 'Insert by typing…', menu: 'Network', shortcut: 'Mod+I' },
  { id: 'renameModule', title: 'Rename the module', menu: 'Network', shortcut: 'F2', isOfNetwork: true },
  { id: 'moveUp', title: 'Move up', menu: 'Network', shortcut: 'Alt+ArrowUp', isOfNetwork: true },
  { id: 'moveDown', title: 'Move down', menu: 'Network', shortcut: 'Alt+ArrowDown', isOfNetwork: true },
  {
    id: 'wrapSequential',
    title: 'Wrap in a Sequential',
    menu: 'Network',
    shortcut: 'Mod+G',
    isOfNetwork: true,
    startsGroup: true,
  },
  { id: 'wrapResidual', title: 'Wrap in a Residual', menu: 'Network' },
  { id: 'wrapFork', title: 'Wrap in a Fork', menu: 'Network' },
  { id: 'wrapRepeat', title: 'Wrap in a Repeat', menu: 'Network' },
  { id: 'unwrap', title: 'Unwrap', menu: 'Network', shortcut: 'Mod+Shift+G', isOfNetwork: true },
  { id: 'makeBlock', title: 'Make a Block of the selection…', menu: 'Network', shortcut: 'Mod+B', startsGroup: true },
  { id: 'enterModule', title: 'Enter the container', menu: 'Network' },
  { id: 'leaveModule', title: 'Leave the container', menu: 'Network' },
  { id: 'saveDrawingSvg', title: 'Save the drawing as SVG…', menu: 'Network', startsGroup: true },
  { id: 'saveDrawingPng', title: 'Save the drawing as PNG…', menu: 'Network' },

  { id: 'train', title: 'Train', menu: 'Train', shortcut: 'Mod+Enter' },
  { id: 'pause', title: 'Pause', menu: 'Train', shortcut: 'Mod+Shift+P' },
  { id: 'resume', title: 'Resume', menu: 'Train', shortcut: 'Mod+Shift+R' },
  { id: 'stop', title: 'Save and stop', menu: 'Train', shortcut: 'Mod+.' },

  { id: 'showDesign', title: 'Design', menu: 'View', shortcut: 'Mod+1' },
  { id: 'showData', title: 'Data', menu: 'View', shortcut: 'Mod+2' },
  { id: 'showTrain', title: 'Train', menu: 'View', shortcut: 'Mod+3' },
  { id: 'showEvaluate', title: 'Evaluate', menu: 'View', shortcut: 'Mod+4' },
  { id: 'showRuns', title: 'Runs', menu: 'View', shortcut: 'Mod+5' },
  { id: 'showExport', title: 'Export', menu: 'View', shortcut: 'Mod+6' },
  { id: 'toggleProblems', title: 'Problems', menu: 'View', shortcut: 'Mod+J', startsGroup: true },
  { id: 'themeSystem', title: 'Theme of the system', menu: 'View', startsGroup: true },
  { id: 'themeLight', title: 'Light theme', menu: 'View' },
  { id: 'themeDark', title: 'Dark theme', menu: 'View' },
  { id: 'toggleDensity', title: 'Compact or comfortable controls', menu: 'View' },

  { id: 'openPalette', title: 'Find a command…', menu: 'Help', shortcut: 'Mod+K' },
  { id: 'showShortcuts', title: 'Keyboard shortcuts', menu: 'Help', shortcut: 'F1' },
] as const satisfies readonly CommandDeclaration[];

export type CommandId = (typeof declarations)[number]['id'];

export interface Command extends CommandDeclaration {
  readonly id: CommandId;
}

export const commands: readonly Command[] = declarations;

export const menus: readonly Menu[] = ['File', 'Edit', 'Network', 'Train', 'View', 'Help'];
