import { median } from '../../core/training/median.ts';

/** One measured number: a value a round, and what it should be. */
export interface Figure {
  readonly name: string;
  readonly values: readonly number[];
  readonly unit: 's' | 'ms' | 'MB' | '%' | 'images/s' | 'frames/s';
  /** The median should be below. */
  readonly aim?: number;
}

export interface MeasuredTask {
  readonly task: string;
  /** What is to be known beside the numbers. */
  readonly note: string;
  readonly figures: readonly Figure[];
}

export function printFigures({ task, note, figures }: MeasuredTask): void {
  console.log(`\n${task}: ${note}`);
  for (const { name, values, unit, aim } of figures) {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const aimed = aim === undefined ? '' : ` (aim: below ${aim} ${unit})`;
    const spread = values.length > 1 ? `  ${digits(least)} … ${digits(most)}` : '';
    console.log(
      `  ${name.padEnd(44)}${digits(median(values)).padStart(8)} ${unit}${aimed}${spread}, n = ${values.length}`,
    );
  }
}

function digits(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
