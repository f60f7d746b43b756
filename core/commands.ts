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
  /** Keys that other programs use for it. */
  readonly alsoShortcut?: string;
  /** Where the keyboard is in the network only: elsewhere the keys mean something else. */
  readonly isOfNetwork?: true;
  /** The browser itself hears the keys, and tells what they are for: cut, copy, paste. */
  readonly isHeardByBrowser?: true;
  /** A browser opens a window of its own with these keys and never gives them to a page. */
  readonly isTakenByBrowsers?: true;
  /** What else it is looked for by. */
  readonly words?: string;
  /** A line above it in the menu. */
  readonly startsGroup?: true;
}

const declarations = [
  { id: 'newProject', title: 'New from a recipe…', menu: 'File', shortcut: 'Mod+N', isTakenByBrowsers: true },
  {
    id: 'newEmptyProject',
    title: 'New with an empty network',
    menu: 'File',
    shortcut: 'Mod+Shift+N',
    isTakenByBrowsers: true,
  },
  { id: 'openProject', title: 'Open…', menu: 'File', shortcut: 'Mod+O' },
  { id: 'openRecent', title: 'Open recent…', menu: 'File', shortcut: 'Mod+Shift+O' },
  { id: 'saveProject', title: 'Save', menu: 'File', shortcut: 'Mod+S', startsGroup: true },
  { id: 'saveProjectAs', title: 'Save as…', menu: 'File', shortcut: 'Mod+Shift+S' },
  { id: 'renameProject', title: 'Rename project…', menu: 'File' },

  { id: 'undo', title: 'Undo', menu: 'Edit', shortcut: 'Mod+Z' },
  { id: 'redo', title: 'Redo', menu: 'Edit', shortcut: 'Mod+Shift+Z', alsoShortcut: 'Mod+Y' },
  { id: 'cut', title: 'Cut modules', menu: 'Edit', shortcut: 'Mod+X', isHeardByBrowser: true, startsGroup: true },
  { id: 'copy', title: 'Copy modules', menu: 'Edit', shortcut: 'Mod+C', isHeardByBrowser: true },
  { id: 'paste', title: 'Paste modules', menu: 'Edit', shortcut: 'Mod+V', isHeardByBrowser: true },
  { id: 'duplicate', title: 'Duplicate', menu: 'Edit', shortcut: 'Mod+D', isOfNetwork: true },
  { id: 'remove', title: 'Delete', menu: 'Edit', shortcut: 'Delete', isOfNetwork: true },
  { id: 'selectAll', title: 'Select all siblings', menu: 'Edit', shortcut: 'Mod+A', isOfNetwork: true },

  { id: 'quickInsert', title: 'Insert by typing…', menu: 'Network', shortcut: 'Mod+I' },
  { id: 'renameModule', title: 'Rename module', menu: 'Network', shortcut: 'F2', isOfNetwork: true },
  { id: 'moveUp', title: 'Move up', menu: 'Network', shortcut: 'Alt+ArrowUp', isOfNetwork: true },
  { id: 'moveDown', title: 'Move down', menu: 'Network', shortcut: 'Alt+ArrowDown', isOfNetwork: true },
  {
    id: 'wrapSequential',
    title: 'Wrap in Sequential',
    menu: 'Network',
    shortcut: 'Mod+G',
    isOfNetwork: true,
    startsGroup: true,
  },
  { id: 'wrapResidual', title: 'Wrap in Residual', menu: 'Network', words: 'skip connection shortcut' },
  { id: 'wrapFork', title: 'Wrap in Fork', menu: 'Network' },
  { id: 'wrapRepeat', title: 'Wrap in Repeat', menu: 'Network' },
  { id: 'unwrap', title: 'Unwrap', menu: 'Network', shortcut: 'Mod+Shift+G', isOfNetwork: true },
  { id: 'makeBlock', title: 'Make Block from selection…', menu: 'Network', shortcut: 'Mod+B', startsGroup: true },
  { id: 'enterModule', title: 'Enter container', menu: 'Network' },
  { id: 'leaveModule', title: 'Leave container', menu: 'Network' },
  {
    id: 'profile',
    title: 'Profile a training step',
    menu: 'Network',
    words: 'time speed slow bottleneck heat milliseconds',
    startsGroup: true,
  },
  {
    id: 'saveDrawingSvg',
    title: 'Save drawing as SVG…',
    menu: 'Network',
    words: 'picture image vector export',
    startsGroup: true,
  },
  { id: 'saveDrawingPng', title: 'Save drawing as PNG…', menu: 'Network', words: 'picture image export' },

  { id: 'train', title: 'Train', menu: 'Train', shortcut: 'Mod+Enter' },
  { id: 'pause', title: 'Pause', menu: 'Train', shortcut: 'Mod+Shift+P' },
  { id: 'resume', title: 'Resume', menu: 'Train', shortcut: 'Mod+Shift+R' },
  { id: 'stop', title: 'Save and stop', menu: 'Train', words: 'abort cancel interrupt', shortcut: 'Mod+.' },

  { id: 'showDesign', title: 'Design', menu: 'View', shortcut: 'Mod+1' },
  { id: 'showData', title: 'Data', menu: 'View', words: 'import folder images csv table dataset', shortcut: 'Mod+2' },
  { id: 'showTrain', title: 'Train', menu: 'View', shortcut: 'Mod+3' },
  {
    id: 'showEvaluate',
    title: 'Evaluate',
    menu: 'View',
    words: 'confusion matrix accuracy mistakes csv',
    shortcut: 'Mod+4',
  },
  { id: 'showRuns', title: 'Runs', menu: 'View', words: 'history compare curves csv', shortcut: 'Mod+5' },
  {
    id: 'showExport',
    title: 'Export',
    menu: 'View',
    words: 'onnx safetensors torchscript python web page deploy',
    shortcut: 'Mod+6',
  },
  { id: 'toggleColumns', title: 'Draw tall networks in columns', menu: 'View', startsGroup: true },
  { id: 'toggleProblems', title: 'Problems', menu: 'View', shortcut: 'Mod+J' },
  { id: 'themeSystem', title: 'System theme', menu: 'View', startsGroup: true },
  { id: 'themeLight', title: 'Light theme', menu: 'View' },
  { id: 'themeDark', title: 'Dark theme', menu: 'View', words: 'night mode' },
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
