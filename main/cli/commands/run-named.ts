import { projectOfRun } from '../../evaluation/planned-run.ts';
import { RunIndex } from '../../runs/run-index.ts';
import type { RunRow } from '../../runs/run-index.ts';
import { findRun } from '../../runs/runs.ts';
import type { Output } from '../output.ts';

/** By id, the beginning of one, or `last`. `output` names the modules of its project in failures. */
export async function runNamed(name: string, output?: Output): Promise<RunRow> {
  const index = await RunIndex.open();
  try {
    const run = await findRun(index, name);
    if (output !== undefined) output.project = await projectOfRun(run).catch(() => null);
    return run;
  } finally {
    index.close();
  }
}
