import { defineStore } from 'pinia';
import { computed } from 'vue';
import { commands } from '../../core/commands.ts';
import type { CommandId } from '../../core/commands.ts';
import { designActions } from '../features/design/design-actions.ts';
import { useProjectFiles } from '../features/project/project-files.ts';
import { useProject } from '../features/project/project-store.ts';
import { useBeginEmpty } from '../features/start/pick-recipe.ts';
import { useTraining } from '../features/train/training-store.ts';
import { usePlaces } from './places.ts';
import type { Dialog, Place } from './places.ts';
import { useSettings } from './settings-store.ts';
import { useShell } from './shell-store.ts';

interface Action {
  readonly canExecute: () => boolean;
  readonly execute: () => unknown;
}

/** What each command of the table does, and when it can. */
export const useCommands = defineStore('commands', () => {
  const project = useProject();
  const files = useProjectFiles();
  const training = useTraining();
  const places = usePlaces();
  const settings = useSettings();
  const shell = useShell();

  const beginEmpty = useBeginEmpty();

  const isOpen = () => project.project !== null;
  const always = () => true;
  const show = (place: Place): Action => ({ canExecute: isOpen, execute: () => (places.place = place) });
  const dialog = (name: Dialog, canExecute = always): Action => ({
    canExecute,
    execute: () => (places.dialog = name),
  });
  const theme = (name: 'system' | 'light' | 'dark'): Action => ({
    canExecute: () => settings.settings.theme !== name,
    execute: () => settings.change({ theme: name }),
  });

  function toggleDensity(): void {
    settings.change({ density: settings.settings.density === 'compact' ? 'comfortable' : 'compact' });
  }

  const actions: Readonly<Record<CommandId, Action>> = {
    newProject: dialog('recipes'),
    newEmptyProject: { canExecute: always, execute: beginEmpty },
    openProject: { canExecute: always, execute: () => files.askAndOpen(shell.shell) },
    openRecent: dialog('recent'),
    saveProject: { canExecute: isOpen, execute: () => files.save(shell.shell) },
    saveProjectAs: { canExecute: isOpen, execute: () => files.askAndSave(shell.shell) },
    renameProject: dialog('rename', isOpen),
    undo: { canExecute: () => project.canUndo, execute: () => project.undo() },
    redo: { canExecute: () => project.canRedo, execute: () => project.redo() },
    ...designActions(),
    train: { canExecute: () => training.canTrain, execute: () => training.train() },
    pause: { canExecute: () => training.canPause, execute: () => training.pause() },
    resume: { canExecute: () => training.canResume, execute: () => training.resume() },
    stop: { canExecute: () => training.canStop, execute: () => training.stop() },
    showDesign: show('design'),
    showData: show('data'),
    showTrain: show('train'),
    showEvaluate: show('evaluate'),
    showRuns: { ...show('runs'), canExecute: always },
    showExport: show('export'),
    toggleProblems: { canExecute: isOpen, execute: () => (places.areProblemsOpen = !places.areProblemsOpen) },
    themeSystem: theme('system'),
    themeLight: theme('light'),
    themeDark: theme('dark'),
    toggleDensity: { canExecute: always, execute: toggleDensity },
    openPalette: dialog('palette'),
    showShortcuts: dialog('shortcuts'),
  };

  /** Ids of what cannot be done now. */
  const disabled = computed(() => commands.map(({ id }) => id).filter((id) => !actions[id].canExecute()));

  /** The same for the native menu: in a dialog undo and redo are of the text that is typed there. */
  const disabledInMenu = computed(() =>
    places.dialog === null ? disabled.value : disabled.value.filter((id) => id !== 'undo' && id !== 'redo'),
  );

  function execute(id: CommandId): void {
    if (actions[id].canExecute()) actions[id].execute();
    // A key that does nothing needs its reason.
    else if (id === 'train' && project.obstacle !== null) places.areProblemsOpen = true;
  }

  return { disabled, disabledInMenu, execute };
});
