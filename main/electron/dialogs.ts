import path from 'node:path';
import { dialog, shell } from 'electron';
import { fail } from '../failures.ts';
import { makeFolder } from '../files.ts';
import { projectsFolder } from '../paths.ts';
import type { Dialogs } from '../workbench/shell.ts';

const filters = [{ name: 'Torchwright project', extensions: ['json'] }];

export const dialogs: Dialogs = {
  async openProject() {
    await makeFolder(projectsFolder());
    const { filePaths } = await dialog.showOpenDialog({
      defaultPath: projectsFolder(),
      filters,
      properties: ['openFile'],
    });
    return filePaths[0] ?? null;
  },
  async saveProject(suggestion) {
    await makeFolder(projectsFolder());
    const defaultPath = path.join(projectsFolder(), suggestion);
    const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath, filters });
    return canceled || filePath === '' ? null : filePath;
  },
  async showFolder(folder) {
    const reason = await shell.openPath(folder);
    if (reason !== '') fail('unavailable', `${folder} cannot be shown: ${reason}.`, { at: folder });
  },
  async chooseData(what) {
    const { filePaths } = await dialog.showOpenDialog(
      what === 'folder'
        ? { properties: ['openDirectory'] }
        : { filters: [{ name: 'Tables and arrays', extensions: ['csv', 'tsv', 'npz'] }], properties: ['openFile'] },
    );
    return filePaths[0] ?? null;
  },
};

export type ClosingChoice = 'background' | 'stop' | 'cancel';

/** What to do with trainings under way when the last window is closed. */
export async function askAboutClosing(runs: readonly string[]): Promise<ClosingChoice> {
  const choices = ['background', 'stop', 'cancel'] as const;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: runs.length === 1 ? 'A run is training.' : `${runs.length} runs are training.`,
    detail: `${runs.join('\n')}\n\n${runs.length === 1 ? 'It continues' : 'They continue'} in the background. Open the window again from the icon in the tray.`,
    buttons: ['Keep training in the background', 'Save and stop', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
  });
  return choices[response] ?? 'cancel';
}
