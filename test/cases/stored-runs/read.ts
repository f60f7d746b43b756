import { publishedEvent } from '../../../core/figures/published.ts';
import type { RunIndex, RunRow } from '../../../main/runs/run-index.ts';
import { readRunRecord } from '../../../main/runs/run-folder.ts';

/** What is shown of a run: its row, its epochs and the curves within them, whatever they are stored as. */
export interface ShownRun {
  readonly row: Readonly<Record<string, unknown>>;
  readonly epochs: readonly unknown[];
  /** Points of each curve that was measured, by its name; null is not measured there. */
  readonly steps: Readonly<Record<string, readonly (number | null)[]>>;
  readonly batchLoss: Readonly<Record<string, readonly number[]>>;
  readonly markers: readonly unknown[];
  readonly versions: unknown;
}

export async function readStoredRun(index: RunIndex, run: RunRow): Promise<ShownRun> {
  const { series, batchLoss } = index.metrics.steps(run.id, run.stepsPerEpoch ?? 0, { points: 1000 });
  return {
    row: { ...run },
    epochs: index.epochs.of(run.id).map(publishedEvent),
    steps: columns({ ...series.figures, step: series.step }),
    batchLoss: columns(batchLoss) as ShownRun['batchLoss'],
    markers: index.metrics.markers(run.id),
    versions: (await readRunRecord(run.id))?.versions,
  };
}

function columns(of: Readonly<Record<string, Float64Array | Float32Array>>): ShownRun['steps'] {
  return Object.fromEntries(
    Object.entries(of).map(([name, values]) => [name, Array.from(values, (value) => (Number.isNaN(value) ? null : value))]),
  );
}
