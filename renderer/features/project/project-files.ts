import { defineStore } from 'pinia';
import { watch } from 'vue';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { useNotices } from '../../app/notices.ts';
import { usePlaces } from '../../app/places.ts';
import { useSettings } from '../../app/settings-store.ts';
import { workbench } from '../../app/workbench.ts';
import { useLeaving } from './leaving.ts';
import { useProject } from './project-store.ts';
import { readProject } from './read-project.ts';

/** Milliseconds from a change to its being kept against a crash. */
const autosaveAfter = 1500;

/** Projects as files: open, save, keep what is unsaved, bring it back. */
export const useProjectFiles = defineStore('projectFiles', () => {
  const current = useProject();
  const notices = useNotices();
  const places = usePlaces();
  const leaving = useLeaving();
  const { change } = useSettings();
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks first where something unsaved would go. */
  function open(file: string): void {
    leaving.leave(() => void load(file));
  }

  async function load(file: string): Promise<void> {
    await notices.attempt(async () => {
      const opened = await workbench.call('projects.open', { file });
      const read = current.open(opened);
      if (!read.ok) {
        notices.tellFailure(read.failure);
        return;
      }
      change({ lastProject: { file } });
      places.dialog = null;
    });
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

  async function save(shell: 'electron' | 'browser'): Promise<void> {
    const { project, file } = current;
    if (project === null) return;
    if (file === null) return askAndSave(shell);
    await notices.attempt(async () => {
      await workbench.call('projects.save', { file, text: serialiseProject(project) });
      settle(file);
    });
  }

  async function askAndSave(shell: 'electron' | 'browser'): Promise<void> {
    if (shell === 'browser') places.dialog = 'saveAs';
    else await saveAs(current.project?.name ?? 'project', false);
  }

  async function saveAs(name: string, replace: boolean): Promise<void> {
    const { project } = current;
    if (project === null) return;
    const answer = await workbench.call('projects.saveAs', { name, text: serialiseProject(project), replace });
    if (answer !== null) settle(answer.file);
  }

  function settle(file: string): void {
    current.markSaved(current.project!, file);
    change({ lastProject: { file } });
    forgetUnsaved();
    notices.tell(`Saved to ${file}`);
  }

  function forgetUnsaved(): void {
    void workbench.call('projects.forget', { key: current.key }).catch(() => undefined);
  }

  function keepUnsaved(): void {
    clearTimeout(timer);
    const { project, file, key, isDirty } = current;
    if (project === null || key === '') return;
    const unsaved = { key, file, name: project.name };
    void notices.attempt(() =>
      isDirty
        ? workbench.call('projects.autosave', { ...unsaved, text: serialiseProject(project) })
        : workbench.call('projects.forget', { key }),
    );
  }

  /** Brings back the newest work that a crash left unsaved; true if there was any. */
  async function recover(): Promise<boolean> {
    const left = await notices.attempt(() => workbench.call('projects.recover'));
    for (const unsaved of (left ?? []).toSorted((a, b) => b.time - a.time)) {
      const read = readProject(unsaved.text);
      if (!read.ok) continue;
      current.begin(read.project, { file: unsaved.file, isSaved: false, key: unsaved.key });
      notices.tell(`Unsaved changes of ${unsaved.name} are back.`);
      return true;
    }
    return false;
  }

  function watchChanges(): void {
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
