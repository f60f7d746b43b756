import path from 'node:path';
import type { SplitFiles } from '../../core/training/plan.ts';
import { testSampleFiles, testSamplePositions } from '../datasets/import/sample-names.ts';
import type { SampleSources } from '../../core/evaluation/tables.ts';
import type { RunRow } from '../runs/run-index.ts';
import { dataSettingsOf } from './import-settings-of.ts';

/** Where the user finds a run's test samples again. */
export async function sampleSourcesOf(run: Pick<RunRow, 'id'>, test: SplitFiles): Promise<SampleSources> {
  const { source } = await dataSettingsOf(run);
  return {
    files: (await testSampleFiles(test))?.map((file) => path.join(source, file)) ?? null,
    positions: await testSamplePositions(test),
  };
}
