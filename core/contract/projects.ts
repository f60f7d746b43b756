import type { Project, Reference } from '../project/project.ts';
import type { Call } from './call.ts';
import type { RecentProject } from './settings.ts';

export interface ProjectCalls {
  'recipes.list': Call<undefined, readonly RecipeDescription[]>;
  'projects.open': Call<{ readonly file: string }, OpenedProject>;
  /** Only to a file that was opened or picked before. */
  'projects.save': Call<{ readonly file: string; readonly text: string }, void>;
  /** Asks with the system's dialog in Electron; null: cancelled. In a browser: `projects.files` and `projects.saveAs`. */
  'projects.openDialog': Call<undefined, OpenedProject | null>;
  /**
   * Electron: the system's dialog, starting with `name`. Browser: `<name>.torchwright.json` in the folder of projects,
   * refused with `inUse` if it is there and `replace` is not set. Null: cancelled.
   */
  'projects.saveAs': Call<
    { readonly name: string; readonly text: string; readonly replace?: boolean },
    { readonly file: string; readonly name: string } | null
  >;
  /** The projects in the workbench's own folder: what a browser may open. */
  'projects.files': Call<undefined, readonly RecentProject[]>;
  'projects.recent': Call<undefined, readonly RecentProject[]>;
  /** Keeps unsaved work beside the settings, whole or not at all. */
  'projects.autosave': Call<UnsavedProject, void>;
  /** Unsaved work left by windows that are gone. */
  'projects.recover': Call<undefined, readonly (UnsavedProject & { readonly time: number })[]>;
  /** Saved or put away: nothing to recover under this key. */
  'projects.forget': Call<{ readonly key: string }, void>;
}

export interface RecipeDescription {
  /** File name without its ending: `mnist-conv`. */
  readonly name: string;
  readonly description: string | null;
  readonly reference: Reference | null;
  readonly text: string;
  readonly project: Project;
}

export interface OpenedProject {
  readonly file: string;
  /** For the title: the file's name without its ending. */
  readonly name: string;
  /** As it lies on the disk; parseProject says whether it is one. */
  readonly text: string;
}

export interface UnsavedProject {
  /** Made by the window, one a document (a UUID). */
  readonly key: string;
  /** Null: never saved. */
  readonly file: string | null;
  readonly name: string;
  readonly text: string;
}
