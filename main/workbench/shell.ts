import type { OpenEngine } from '../engine/engine-host.ts';

/** What surrounds the workbench: Electron, or the server for browsers. */
export interface Shell {
  readonly kind: 'electron' | 'browser';
  /** Beside Node's own. */
  readonly versions: Readonly<Record<string, string>>;
  readonly openEngine: OpenEngine;
  /** The system's own; null in a browser. */
  readonly dialogs: Dialogs | null;
  /** Where data and weights may be read that a client names by their path; null: wherever this process may. */
  readonly dataFolders: readonly string[] | null;
  disableCommands(ids: readonly string[]): void;
}

export interface Dialogs {
  /** Null: cancelled. */
  openProject(): Promise<string | null>;
  saveProject(suggestion: string): Promise<string | null>;
  /** In the system's file manager. */
  showFolder(folder: string): Promise<void>;
  chooseData(what: 'folder' | 'file'): Promise<string | null>;
}
