import { defineStore } from 'pinia';
import { watch } from 'vue';
import { FailureError } from '../../../core/failure.ts';
import type { UnsavedProject } from '../../../core/contract/projects.ts';
import { isUnnamed } from '../../../core/project/empty-project.ts';
import { asFileName } from '../../../core/project/file-name.ts';
import type { Project } from '../../../core/project/project.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { useNotices } from '../../app/notices.ts';
import { usePlaces } from '../../app/places.ts';
import { useSettings } from '../../app/settings-store.ts';
import { workbench } from '../../app/workbench.ts';
import { useHolding } from './holding-store.ts';
import { useLeaving } from './leaving.ts';
import { useProject } from './project-store.ts';
import { readProject } from './read-project.ts';
import { documentBefore } from './window-id.ts';

/** What was never named is called what its file is called. */
function namedAs(project: Project, file: string): Project {
  if (!isUnnamed(project)) return project;
  const name = (file.split(/[/\\]/).at(-1) ?? '').replace(/(?:\.torchwright)?\.json$/, '');
  return name === '' || name === project.name ? project : { ...project, name };
}

/** Milliseconds from a change to its being kept against a crash. */
const autosaveAfter = 500;

/** Projects as files: open, save, keep what is unsaved, bring it back. */
export const useProjectFiles = defineStore('projectFiles', () => {
  const current = useProject();
  const notices = useNotices();
  const places = usePlaces();
  const leaving = useLeaving();
  const holding = useHolding();
  const { change } = useSettings();
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks first where something unsaved would go. */
  function open(file: string): void {
    leaving.leave(() => void load(file));
  }

  async function load(file: string): Promise<void> {
    await notices.attempt(async () => {
      const opened = await workbench.call('projects.open', { file });
      const isRestored = restore(await leftOf(opened.file));
      const read = isRestored ? null : current.open(opened);
      if (read?.ok === false) {
        notices.tellFailure(read.failure, true);
        // The list of errors would lie behind it.
        places.dialog = null;
        return;
      }
      change({ lastProject: { file } });
      places.dialog = null;
    });
  }

  /** Unsaved work of a file that windows left which are gone, newest first. What was put away here is none. */
  async function leftOf(file: string): Promise<readonly UnsavedProject[]> {
    const held = await workbench.call('projects.held');
    const left = await workbench.call('projects.recover');
    const isFree = (key: string): boolean => key !== current.key && !held.some((document) => document.key === key);
    return left.filter((unsaved) => unsaved.file === file && isFree(unsaved.key));
  }

  /** Goes on with the first that can be read; whether there is one. */
  function restore(left: readonly UnsavedProject[]): boolean {
    for (const unsaved of left) {
      const read = readProject(unsaved.text);
      if (!read.ok) continue;
      current.begin(read.project, { file: unsaved.file, isSaved: false, key: unsaved.key });
      notices.tell(`Unsaved changes of ${unsaved.name} were restored.`);
      return true;
    }
    return false;
  }

  /** The system's dialog in Electron; a browser has the workbench's own folder. */
  async function askAndOpen(shell: 'electron' | 'browser'): Promise<void> {
    if (shell === 'browser') {
      places.dialog = 'open';
      return;
    }
    const opened = await notices.attempt(() => workbench.call('projects.openDialog'));
    if (opened) open(opened.file);
  }

  /** `replace`: also a file that somebody else has changed since; else a dialog asks. */
  async function save(shell: 'electron' | 'browser', replace = false): Promise<void> {
    const { project, file, key, isReader } = current;
    if (project === null || isReader) return;
    if (file === null) return askAndSave(shell);
    await notices.attempt(async () => {
      try {
        await workbench.call('projects.save', { file, text: serialiseProject(project), document: key, replace });
      } catch (error) {
        if (!(error instanceof FailureError) || error.failure.choices?.includes('replace') !== true) throw error;
        places.dialog = 'fileChanged';
        return;
      }
      settle(project, key, file);
    });
  }

  async function askAndSave(shell: 'electron' | 'browser'): Promise<void> {
    if (shell === 'browser') places.dialog = 'saveAs';
    else await saveAs(asFileName(current.project?.name ?? ''), false);
  }

  async function saveAs(name: string, replace: boolean): Promise<void> {
    const { project, key } = current;
    if (project === null) return;
    const text = serialiseProject(project);
    const answer = await workbench.call('projects.saveAs', { name, text, document: key, replace });
    if (answer === null) return;
    const named = namedAs(project, answer.file);
    if (named !== project && current.project === project && !current.isReader) {
      current.change(named, 'name');
      await workbench.call('projects.save', { file: answer.file, text: serialiseProject(named), document: key });
      settle(named, key, answer.file);
    } else settle(project, key, answer.file);
  }

  /**
   * After `project` was written. What changed while it was on its way is still unsaved; and a window that only reads
   * the project has written a copy, which neither ends its owner's unsaved work nor moves the project.
   */
  function settle(project: Project, key: string, file: string): void {
    notices.tell(`Saved to ${file}`);
    if (current.key !== key || current.isReader) return;
    current.markSaved(project, file);
    change({ lastProject: { file } });
    if (!current.isDirty) forgetUnsaved();
  }

  function forgetUnsaved(): void {
    void workbench.call('projects.forget', { key: current.key }).catch(() => undefined);
  }

  function keepUnsaved(): void {
    clearTimeout(timer);
    const { project, file, key, isDirty, isReader } = current;
    if (project === null || key === '' || isReader) return;
    void holding.hold();
    const unsaved = { key, file, name: project.name };
    void notices.attempt(() =>
      isDirty
        ? workbench.call('projects.autosave', { ...unsaved, text: serialiseProject(project) })
        : workbench.call('projects.forget', { key }),
    );
  }

  /**
   * Brings back what this window had open, what another one has open, for reading, or else the newest work that a crash
   * left unsaved; true if there was any.
   */
  async function recover(): Promise<boolean> {
    const held = (await notices.attempt(() => workbench.call('projects.held'))) ?? [];
    if (await holding.rejoin(held)) return true;
    const left = await notices.attempt(() => workbench.call('projects.recover'));
    const before = documentBefore();
    const mine = left?.filter(({ key }) => key === before) ?? [];
    const free = left?.filter(({ key }) => key !== before && !held.some((document) => document.key === key)) ?? [];
    return restore([...mine, ...free]);
  }

  function watchChanges(): void {
    holding.begin();
    void holding.hold();
    watch(
      () => current.project,
      () => {
        clearTimeout(timer);
        timer = setTimeout(keepUnsaved, autosaveAfter);
      },
    );
    window.addEventListener('blur', keepUnsaved);
  }

  return { open, load, askAndOpen, save, askAndSave, saveAs, forgetUnsaved, recover, watchChanges };
});
