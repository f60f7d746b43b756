import type { Project, Reference } from '../project/project.ts';
import type { Call } from './call.ts';
import type { RecentProject } from './settings.ts';

export interface ProjectCalls {
  'recipes.list': Call<undefined, readonly RecipeDescription[]>;
  'projects.open': Call<{ readonly file: string }, OpenedProject>;
  /**
   * Only to a file that was opened or picked before. Refused with the choice `replace` where the file was changed by
   * somebody else since it was opened or saved here: by another program, or by another window that saved another
   * document as this file.
   */
  'projects.save': Call<{ readonly file: string } & SavedText, void>;
  /** Asks with the system's dialog in Electron; null: cancelled. In a browser: `projects.files` and `projects.saveAs`. */
  'projects.openDialog': Call<undefined, OpenedProject | null>;
  /**
   * Electron: the system's dialog, starting with `name`. Browser: `<name>.torchwright.json` in the folder of projects,
   * refused with `inUse` if it is there and `replace` is not set. Null: cancelled.
   */
  'projects.saveAs': Call<
    { readonly name: string } & SavedText,
    { readonly file: string; readonly name: string } | null
  >;
  /** The projects in the workbench's own folder: what a browser may open. */
  'projects.files': Call<undefined, readonly RecentProject[]>;
  'projects.recent': Call<undefined, readonly RecentProject[]>;
  /**
   * Says that a window has a project open, and what is in it now. One window owns it; to others it answers with the
   * owner's document, for reading. `take`: the project changes hands, and the owner becomes a reader.
   */
  'projects.hold': Call<HoldDocument, HoldAnswer>;
  /** The window has another project now. */
  'projects.release': Call<{ readonly key: string; readonly holder: string }, void>;
  /** Projects that are open in windows now, newest work first. */
  'projects.held': Call<undefined, readonly OwnedDocument[]>;
  /** Keeps unsaved work beside the settings, whole or not at all. */
  'projects.autosave': Call<UnsavedProject, void>;
  /** Unsaved work left by windows that are gone. */
  'projects.recover': Call<undefined, readonly (UnsavedProject & { readonly time: number })[]>;
  /** Saved or put away: nothing to recover under this key. */
  'projects.forget': Call<{ readonly key: string }, void>;
}

export interface SavedText {
  readonly text: string;
  /** Key of the document that is saved. */
  readonly document?: string;
  readonly replace?: boolean;
}

export interface ProjectEvents {
  /** A project that is open somewhere has another content or owner. */
  documentChanged: OwnedDocument;
  /** Another window takes a project over: its owner hands in what it has by `projects.hold`. */
  documentWanted: { readonly key: string };
  /** The owner of a project has been away for so long that whoever holds it next becomes its owner. */
  documentLeft: { readonly key: string };
}

/** A project that a window has open. */
export interface HeldDocument {
  /** Made by the window, one a document (a UUID). */
  readonly key: string;
  readonly file: string | null;
  readonly name: string;
  readonly text: string;
  /** As it lies in the file, or as a recipe has it. */
  readonly isSaved: boolean;
}

export interface OwnedDocument extends HeldDocument {
  /** Of the window that owns it: a UUID that it keeps over a reload. */
  readonly holder: string;
  /** The connection of the owner ended, a moment ago: nobody edits it now. */
  readonly isAway: boolean;
}

export interface HoldDocument extends HeldDocument {
  readonly holder: string;
  readonly take: boolean;
}

export interface HoldAnswer {
  readonly isOwner: boolean;
  /** What the window is to show in place of its own; null: its own is the newest. */
  readonly document: HeldDocument | null;
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
