import { canonicalNumber, isPercent, readCell, readFlag, thousandsMark } from './cell.ts';
import type { DecimalSign, ThousandsMark } from './cell.ts';
import { Numbering } from './numbering.ts';
import { manyValues } from './target-kind.ts';

/** What stands in the cells of a column. */
export class ColumnTally {
  numbers = 0;
  texts = 0;
  areWhole = true;
  hasPercent = false;
  readonly thousands = new Set<ThousandsMark>();
  /** The number of each row, in whatever order they are. */
  readonly numbering = new Numbering();
  /** In the first row. */
  start: number | null = null;
  /** Each row's number is one more than that of the row before. */
  isCounting = true;
  /** Of columns that may be the target. */
  readonly values: Set<string> | null;

  readonly #decimal: DecimalSign | undefined;
  /** Texts such as yes, and what they are read as. */
  #flags = 0;
  readonly #flagValues = new Set<number>();

  constructor(decimal: DecimalSign | undefined, isTarget: boolean) {
    this.#decimal = decimal;
    this.values = isTarget ? new Set() : null;
  }

  /** `row`: counted from 0. */
  add(text: string, row: number): void {
    const cell = readCell(text, this.#decimal);
    if (cell.kind === 'number') {
      this.numbers++;
      this.areWhole &&= Number.isInteger(cell.value);
      this.numbering.add(cell.value);
      this.hasPercent ||= isPercent(text);
      const mark = thousandsMark(text, this.#decimal ?? '.');
      if (mark !== null) this.thousands.add(mark);
    }
    this.start ??= cell.kind === 'number' ? cell.value : NaN;
    this.isCounting &&= cell.kind === 'number' && cell.value === this.start + row;
    if (cell.kind === 'text') {
      this.texts++;
      const flag = readFlag(text);
      if (flag !== null) {
        this.#flags++;
        this.#flagValues.add(flag);
      }
    }
    if (text === '' || this.values === null || this.values.size >= manyValues) return;
    this.values.add(cell.kind === 'number' ? canonicalNumber(text, this.#decimal) : text);
  }

  /** Cells without a value, of a table of so many rows. */
  emptyOf(rows: number): number {
    return rows - this.numbers - this.texts;
  }

  /** Every text is yes or no, true or false, and both are there. */
  get areFlags(): boolean {
    return this.numbers === 0 && this.#flags === this.texts && this.#flagValues.size === 2;
  }
}
