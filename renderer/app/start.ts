import { watch } from 'vue';
import { commands } from '../../core/commands.ts';
import type { CommandId } from '../../core/commands.ts';
import { isWeightsFile } from '../../core/training/weight-source.ts';
import { useDatasets } from '../features/data/dataset-store.ts';
import { useOwnData } from '../features/data/own-data-store.ts';
import { useLeaving } from '../features/project/leaving.ts';
import { useProjectFiles } from '../features/project/project-files.ts';
import { useProject } from '../features/project/project-store.ts';
import { readProject } from '../features/project/read-project.ts';
import { useTraining } from '../features/train/training-store.ts';
import { useWeights } from '../features/train/weights-store.ts';
import { useCommands } from './command-actions.ts';
import { useEndNotification } from './end-notification.ts';
import { useNotices } from './notices.ts';
import { followPlaces } from './place-history.ts';
import { usePlaces } from './places.ts';
import { useSettings } from './settings-store.ts';
import { useShell } from './shell-store.ts';
import { commandOf, commitField, isTextField } from './shortcuts.ts';
import { belongsToField, followTyping } from './typed-text.ts';
import { pathOfFile, workbench } from './workbench.ts';

/** Brings the window to where it was left: settings, project, and the training that runs. */
export async function startWindow(): Promise<void> {
  const settings = useSettings();
  const shell = useShell();
  const files = useProjectFiles();
  await useNotices().attempt(async () => {
    await Promise.all([settings.load(), shell.load(), useDatasets().load(), useOwnData().load()]);
    if (!(await files.recover())) await reopen();
    useEndNotification();
    await useTraining().attach();
    await followPlaces(shell.shell === 'electron');
  });
  files.watchChanges();
  listen();
}

/** Undo and redo from the menu where they are of the text in a field: of any in a dialog, for what is behind it waits. */
function changesText(command: CommandId): boolean {
  if (command !== 'undo' && command !== 'redo') return false;
  const field = document.activeElement;
  const isOfField = usePlaces().dialog === null ? belongsToField({ target: field }, command) : isTextField(field);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way to a field's own history
  return isOfField && document.execCommand(command);
}

async function reopen(): Promise<void> {
  const { lastProject } = useSettings().settings;
  if (lastProject === null) return;
  if ('file' in lastProject) return useProjectFiles().load(lastProject.file);
  const recipe = useShell().recipes.find(({ name }) => name === lastProject.recipe);
  if (recipe !== undefined) useProject().beginRecipe(recipe);
}

function listen(): void {
  followTyping();
  const actions = useCommands();
  const files = useProjectFiles();
  workbench.on('command', (id) => {
    const command = commands.find((candidate) => candidate.id === id);
    // On a Mac its keys come through the menu: text that is typed is undone before the project is.
    if (command === undefined || changesText(command.id)) return;
    if (usePlaces().dialog !== null) return;
    commitField();
    actions.execute(command.id);
  });
  workbench.on('warning', (failure) => useNotices().tellFailure(failure));
  workbench.on('openRequested', ({ file }) => files.open(file));
  watch(
    () => actions.disabledInMenu.join(),
    () => void workbench.call('app.disableCommands', actions.disabledInMenu).catch(() => undefined),
    { immediate: true },
  );
  window.addEventListener('keydown', (event) => {
    const command = commandOf(event);
    // A dialog is answered first: what is behind it stays as it is.
    if (command === undefined || usePlaces().dialog !== null || belongsToField(event, command)) return;
    event.preventDefault();
    commitField();
    actions.execute(command);
  });
  for (const left of ['change', 'focusout']) window.addEventListener(left, () => useProject().settle());
  window.addEventListener('focus', () => useProject().checkData());
  watch(
    () => usePlaces().place,
    // What the command line imported meanwhile is told nobody.
    (place) => (place === 'data' ? void useOwnData().refresh() : useProject().checkData()),
  );
  window.addEventListener('dragover', (event) => event.preventDefault());
  window.addEventListener('drop', (event) => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void openDropped(file);
  });
}

/** Weights are for the network that is open. Else a project: Electron tells where the file lies; of a browser's file only the text is known, so it opens as not saved. */
async function openDropped(file: File): Promise<void> {
  if (useProject().project !== null && isWeightsFile(file.name)) {
    usePlaces().place = 'train';
    await useWeights().take(file);
    return;
  }
  const path = pathOfFile(file);
  if (path !== undefined) {
    useProjectFiles().open(path);
    return;
  }
  const read = readProject(await file.text());
  if (read.ok) useLeaving().leave(() => useProject().begin(read.project, { file: null, isSaved: false }));
  else useNotices().tellFailure(read.failure, true);
}
