/**
 * Every command of the workbench, once: the native menu, the palette, the keyboard and the shortcut sheet are made from
 * this. What a command does, and when it can be done, is the window's: see renderer/app/command-actions.ts.
 */

export type Menu = 'File' | 'Edit' | 'Train' | 'View' | 'Help';

interface CommandDeclaration {
  readonly id: string;
  readonly title: string;
  readonly menu: Menu;
  /** `Mod` is Control, on a Mac the Command key. The key's name as in KeyboardEvent.key. */
  readonly shortcut?: string;
  /** A line above it in the menu. */
  readonly startsGroup?: true;
}

const declarations = [
  { id: 'newProject', title: 'New from a recipe…', menu: 'File', shortcut: 'Mod+N' },
  { id: 'openProject', title: 'Open…', menu: 'File', shortcut: 'Mod+O' },
  { id: 'saveProject', title: 'Save', menu: 'File', shortcut: 'Mod+S', startsGroup: true },
  { id: 'saveProjectAs', title: 'Save as…', menu: 'File', shortcut: 'Mod+Shift+S' },
  { id: 'renameProject', title: 'Rename the project…', menu: 'File' },

  { id: 'undo', title: 'Undo', menu: 'Edit', shortcut: 'Mod+Z' },
  { id: 'redo', title: 'Redo', menu: 'Edit', shortcut: 'Mod+Shift+Z' },

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

  { id: 'openPalette', title: 'Find a command…', menu: 'Help', shortcut: 'Mod+K' },
  { id: 'showShortcuts', title: 'Keyboard shortcuts', menu: 'Help', shortcut: 'F1' },
] as const satisfies readonly CommandDeclaration[];

export type CommandId = (typeof declarations)[number]['id'];

export interface Command extends CommandDeclaration {
  readonly id: CommandId;
}

export const commands: readonly Command[] = declarations;

export const menus: readonly Menu[] = ['File', 'Edit', 'Train', 'View', 'Help'];
