import type { SplitFiles } from '../../core/training/plan.ts';
import { testSampleNames, testSamplePositions } from '../datasets/import/sample-names.ts';
import type { SampleSources } from '../../core/evaluation/tables.ts';
import type { RunRow } from '../runs/run-index.ts';
import { dataSettingsOf } from './import-settings-of.ts';

/** Where the user finds a run's test samples again. */
export async function sampleSourcesOf(run: Pick<RunRow, 'id'>, test: SplitFiles): Promise<SampleSources> {
  return {
    files: await testSampleNames(test, (await dataSettingsOf(run)).source),
    positions: await testSamplePositions(test),
  };
}
