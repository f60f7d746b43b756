import type { TargetStatistics } from '../../../core/training/plan-targets.ts';
import { notZero } from '../../../core/training/plan-targets.ts';
import { ArrayWriter } from './array-writer.ts';
import { Statistics } from './statistics.ts';

/** Keeps the targets of a regression in double precision and writes them standardised once all are known. */
export class TargetWriter {
  readonly #targets: number;
  readonly #statistics: Statistics;
  readonly #rows = { train: [] as Float64Array[], test: [] as Float64Array[] };

  constructor(targets: number) {
    this.#targets = targets;
    this.#statistics = new Statistics([targets]);
  }

  add(target: Float32Array | Float64Array, split: 'train' | 'test'): void {
    const row = Float64Array.from(target);
    this.#rows[split].push(row);
    if (split === 'train') this.#statistics.add(row);
  }

  /** Of the training samples. */
  statistics(): TargetStatistics {
    return this.#statistics.result(1);
  }

  /** (target − mean) / deviation, in float32. `files`: do not exist yet. */
  async write(files: Readonly<Record<'train' | 'test', string>>): Promise<void> {
    const { mean, std } = this.statistics();
    for (const split of ['train', 'test'] as const) {
      const writer = await ArrayWriter.open(files[split], '<f4', [this.#targets]);
      for (const row of this.#rows[split]) {
        const standard = Float32Array.from(row, (value, target) => (value - mean[target]!) / notZero(std[target]!));
        await writer.append(new Uint8Array(standard.buffer));
      }
      await writer.finish();
    }
  }
}
