import { beforeEach, describe, expect, it } from 'vitest';
import { emptyProject } from '../../../core/project/empty-project.ts';
import type { ImportSettings, Project } from '../../../core/project/project.ts';
import { imported, openWindow, rendered } from './rendered.ts';

interface ProjectStore {
  useProject: () => { begin(document: Project, from: { file: null; isSaved: boolean }): void };
}

async function shown(settings: ImportSettings, columns: readonly string[]): Promise<string> {
  const { useProject } = await imported<ProjectStore>('features/project/project-store.ts');
  const data = { ...emptyProject.data, source: '/table.csv', import: settings };
  useProject().begin({ ...emptyProject, data }, { file: null, isSaved: false });
  return rendered('features/data/TargetSetting.vue', { columns });
}

const ticked = (html: string) =>
  [...html.matchAll(/<input type="checkbox"([^>]*)>\s*([^<]*?)\s*<\/label>/g)].flatMap(([, attributes, name]) =>
    attributes!.includes('checked') ? [name] : [],
  );

describe('the target of a table', () => {
  beforeEach(() => openWindow());
  const columns = ['a', 'big', 'small'];

  it('is chosen among its columns, or several of them', async () => {
    const html = await shown({}, columns);
    for (const column of columns) expect(html).toContain(`>${column}</option>`);
    expect(html).toContain('several');
    expect(ticked(html)).toEqual([]);
  });

  it.each([[{ target: ['big', 'small'] }], [{ target: 'big, small' }]])('%j is several columns', async (settings) => {
    expect(ticked(await shown(settings, columns))).toEqual(['big', 'small']);
  });

  it('is a text while the columns are not known', async () => {
    const html = await shown({ target: ['big', 'small'] }, []);
    expect(html).toContain('value="big, small"');
    expect(html).not.toContain('<select');
  });
});
