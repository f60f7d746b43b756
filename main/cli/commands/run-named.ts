import { RunIndex } from '../../runs/run-index.ts';
import type { RunRow } from '../../runs/run-index.ts';
import { findRun } from '../../runs/runs.ts';

/** By id, the beginning of one, or `last`. */
export async function runNamed(name: string): Promise<RunRow> {
  const index = await RunIndex.open();
  try {
    return await findRun(index, name);
  } finally {
    index.close();
  }
}
