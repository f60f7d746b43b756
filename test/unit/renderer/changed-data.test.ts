import { afterEach, expect, it, vi } from 'vitest';
import type { ImportedDataset } from '../../../core/contract/data.ts';
import { emptyProject } from '../../../core/project/empty-project.ts';
import type { Project } from '../../../core/project/project.ts';
import { changesOfReading } from '../../../core/training/run-data.ts';
import { imported, openWindow, rendered } from './rendered.ts';

interface Stores {
  useProject: () => { begin(document: Project, from: { file: null; isSaved: boolean }): void };
  useOwnData: () => { refresh(): Promise<void> };
  useFieldLabels: () => { remember(at: string, label: string): void };
}

afterEach(() => vi.unstubAllGlobals());

const source = '/pictures';
const before: ImportedDataset = {
  source,
  settings: {},
  kind: 'images',
  inputShape: [3, 50, 30],
  values: 'bytes',
  task: 'classification',
  classNames: ['circles', 'squares'],
  targets: 0,
  columnNames: [],
  targetNames: [],
  trainSamples: 96,
  testSamples: 24,
  classCounts: { train: [48, 48], test: [12, 12] },
  statistics: { mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] },
  skipped: [],
  notes: ['Set another size in Data (data.import.size).'],
  bytes: 1000,
  imported: 1,
};
const other = { ...before, inputShape: [3, 32, 32], trainSamples: 128, imported: 2 };
const now: ImportedDataset = { ...other, changes: changesOfReading(before, other) };

it.each([
  ['features/data/inspect/DatasetPage.vue', { name: source }],
  ['features/data/OwnDataCard.vue', { dataset: now }],
  ['features/data/ImportReport.vue', { dataset: now }],
] as const)('%s reports that the data have changed, in the words of the form', async (file, properties) => {
  openWindow({ 'data.imported': [now] });
  vi.stubGlobal('document', { addEventListener: () => undefined, removeEventListener: () => undefined });
  const { useProject } = await imported<Stores>('features/project/project-store.ts');
  const { useOwnData } = await imported<Stores>('features/data/own-data-store.ts');
  const { useFieldLabels } = await imported<Stores>('features/project/field-labels.ts');
  useProject().begin({ ...emptyProject, data: { ...emptyProject.data, source } }, { file: null, isSaved: false });
  useFieldLabels().remember('data.import.size', 'Image size');
  await useOwnData().refresh();
  const html = await rendered(file, properties);
  expect(html).toContain('3 × 50 × 30');
  expect(html).toContain('Image size');
  expect(html).not.toContain('data.import');
});
