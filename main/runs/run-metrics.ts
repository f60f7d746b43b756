import type { Marker, RunSteps, StepQuery, StepSeries } from '../../core/contract/runs.ts';
import type { TrainingChanges } from '../../core/training/events.ts';
import type { RunDatabase } from './database.ts';
import { decodeSteps, encodeSteps } from './stored-steps.ts';
import { summarise, thinOut } from './step-series.ts';
import type { StepChunk } from './step-series.ts';

type Stretch = Pick<StepQuery, 'from' | 'to' | 'points'>;

/** What happened within the epochs of runs: figures of steps as they were reported, single batches, markers. */
export class RunMetrics {
  readonly #database: RunDatabase;

  constructor(database: RunDatabase) {
    this.#database = database;
  }

  /** They follow those stored before. */
  addSteps(run: string, chunk: StepChunk): void {
    this.#database.run('INSERT OR REPLACE INTO step_series (run, last_step, points) VALUES (?, ?, ?)', [
      run,
      chunk.step.at(-1) ?? 0,
      encodeSteps(chunk),
    ]);
  }

  addBatchLosses(run: string, epoch: number, losses: Float32Array): void {
    const bytes = new Uint8Array(losses.buffer, losses.byteOffset, losses.byteLength);
    this.#database.run('INSERT OR REPLACE INTO batch_losses (run, epoch, losses) VALUES (?, ?, ?)', [
      run,
      epoch,
      bytes,
    ]);
  }

  batchLosses(run: string, epoch: number): Float32Array | null {
    const row = this.#database.all('SELECT losses FROM batch_losses WHERE run = ? AND epoch = ?', [run, epoch])[0];
    return row ? new Float32Array(row['losses'] as ArrayBuffer) : null;
  }

  /** Forgets what lies behind the position a run goes on from: it will be trained again. */
  cut(run: string, epochsDone: number, step: number): void {
    this.#database.transaction(() => {
      this.#database.run('DELETE FROM step_series WHERE run = ? AND last_step > ?', [run, step]);
      this.#database.run('DELETE FROM batch_losses WHERE run = ? AND epoch > ?', [run, epochsDone]);
    });
  }

  addMarker(run: string, marker: Marker): void {
    this.#database.run('INSERT INTO markers (run, time, kind, step, epoch, changes) VALUES (?, ?, ?, ?, ?, ?)', [
      run,
      marker.time,
      marker.kind,
      marker.step,
      marker.epoch,
      marker.changes ? JSON.stringify(marker.changes) : null,
    ]);
  }

  markers(run: string): Marker[] {
    return this.#database.all('SELECT * FROM markers WHERE run = ? ORDER BY time, rowid', [run]).map((row) => ({
      kind: row['kind'] as Marker['kind'],
      step: Number(row['step']),
      epoch: Number(row['epoch']),
      time: Number(row['time']),
      changes: typeof row['changes'] === 'string' ? (JSON.parse(row['changes']) as TrainingChanges) : null,
    }));
  }

  steps(run: string, stepsPerEpoch: number, stretch: Stretch): RunSteps {
    return {
      run,
      stepsPerEpoch,
      series: this.#series(run, stretch),
      batchLoss: this.#batchLoss(run, stepsPerEpoch, stretch),
    };
  }

  #series(run: string, { from = 0, to = Number.MAX_SAFE_INTEGER, points }: Stretch): StepSeries {
    const chunks = this.#database
      .all('SELECT points FROM step_series WHERE run = ? AND last_step >= ? ORDER BY last_step', [run, from])
      .map((row) => decodeSteps(row['points'] as ArrayBuffer, run));
    return thinOut(chunks, from, to, points);
  }

  #batchLoss(run: string, stepsPerEpoch: number, stretch: Stretch): RunSteps['batchLoss'] {
    const { from = 0, to = Number.MAX_SAFE_INTEGER, points } = stretch;
    if (stepsPerEpoch === 0) return summarise([], from, to, points);
    const firstEpoch = Math.floor(from / stepsPerEpoch) + 1;
    const lastEpoch = Math.floor(to / stepsPerEpoch) + 1;
    const chunks = this.#database
      .all('SELECT epoch, losses FROM batch_losses WHERE run = ? AND epoch BETWEEN ? AND ? ORDER BY epoch', [
        run,
        firstEpoch,
        lastEpoch,
      ])
      .map((row) => ({
        firstStep: (Number(row['epoch']) - 1) * stepsPerEpoch + 1,
        losses: new Float32Array(row['losses'] as ArrayBuffer),
      }));
    return summarise(chunks, from, to, points);
  }
}
