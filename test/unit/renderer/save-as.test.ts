import { afterEach, expect, it, vi } from 'vitest';
import { isFileName } from '../../../core/project/file-name.ts';
import type { Project } from '../../../core/project/project.ts';
import { smallDigits } from '../../small-digits.ts';
import { imported, openWindow, rendered } from './rendered.ts';

/** What is used here of the stores. */
interface ProjectStore {
  readonly useProject: () => { begin(document: Project, from: { file: string | null; isSaved: boolean }): void };
}
interface FilesStore {
  readonly useProjectFiles: () => { askAndSave(shell: 'electron'): Promise<void> };
}

afterEach(() => vi.unstubAllGlobals());

it.each(['digits', 'zwei / Bilder: a*? lang', '.', 'x'.repeat(400)])(
  'Save as proposes a name of a file: %s',
  async (name) => {
    const calls = openWindow();
    const { useProject } = await imported<ProjectStore>('features/project/project-store.ts');
    const { useProjectFiles } = await imported<FilesStore>('features/project/project-files.ts');
    useProject().begin({ ...smallDigits, name }, { file: null, isSaved: false });
    const dialog = await rendered('features/project/SaveAs.vue');
    const proposed = /<input[^>]* value="([^"]*)"/.exec(dialog)![1]!;
    expect(isFileName(proposed)).toBe(true);
    await useProjectFiles().askAndSave('electron');
    expect(calls.find(([call]) => call === 'projects.saveAs')?.[1]).toMatchObject({ name: proposed });
  },
);
