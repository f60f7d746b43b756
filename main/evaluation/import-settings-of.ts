import type { ImportSettings } from '../../core/project/import-settings.ts';
import type { DataSettings } from '../../core/project/project.ts';
import { readProject } from '../projects/open-project.ts';
import { readRunProject, runFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';

/** How the training images of a run were read, so that other pictures can be read alike. */
export async function importSettingsOf(run: Pick<RunRow, 'id'>): Promise<ImportSettings> {
  return (await dataSettingsOf(run)).import ?? {};
}

export async function dataSettingsOf({ id }: Pick<RunRow, 'id'>): Promise<DataSettings> {
  return readProject(await readRunProject(id), runFolder(id)).data;
}
