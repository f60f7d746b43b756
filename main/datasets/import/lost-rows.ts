import { count, counted } from '../../../core/format.ts';

/** A column and in how many rows it has no value that can be used. */
interface Gap {
  readonly column: number;
  readonly rows: number;
}

/** How columns are called, and which of them hold text in place of numbers. */
export interface GapColumns {
  readonly names: readonly string[];
  readonly targets: readonly number[];
  readonly hasText: (column: number) => boolean;
}

/** A smaller part of the rows may be left out without a warning. */
const muchOfRows = 1 / 5;
const mostNamed = 5;

/** Counts the rows of a table that are left out because of cells without a value. */
export class LostRows {
  /** By the columns without a value. */
  readonly #lost = new Map<string, { readonly columns: readonly number[]; rows: number }>();
  #whole = 0;
  #all = 0;

  addWhole(): void {
    this.#whole++;
    this.#all++;
  }

  /** `columns`: all that have no value in the row. */
  addLost(columns: readonly number[]): void {
    this.#all++;
    const known = this.#lost.get(columns.join()) ?? { columns, rows: 0 };
    known.rows++;
    this.#lost.set(columns.join(), known);
  }

  /** In sentences, where many rows are left out: because of which columns, and how many there would be without them. */
  warnings(columns: GapColumns): readonly string[] {
    const isMuch = (rows: number): boolean => rows > this.#all * muchOfRows;
    if (!isMuch(this.#all - this.#whole)) return [];
    const gaps = this.#gaps();
    const large = gaps.filter(({ rows }) => isMuch(rows));
    const features = large.filter(({ column }) => !columns.targets.includes(column));
    const targets = large.filter(({ column }) => columns.targets.includes(column));
    const without = this.#rowsWithout(features.map(({ column }) => column));
    if (targets.length === 0 && without === this.#whole) {
      const lost = this.#all - this.#whole;
      return [
        `${count(lost)} of ${counted(this.#all, 'row')} ${lost === 1 ? 'is' : 'are'} left out because a column has no value: ${this.#inWords(gaps, columns)}.`,
      ];
    }
    const [these, they] = features.length === 1 ? ['this column', 'the column'] : ['these columns', 'the columns'];
    return [
      ...(without > this.#whole
        ? [
            `${this.#inWords(features, columns)}; without ${these} ${counted(without, 'row')} could be used, not ${count(this.#whole)}. Fill in the cells, or remove ${they} from the file.`,
          ]
        : []),
      ...(targets.length > 0
        ? [`Missing targets: ${this.#inWords(targets, columns)}. Rows without a target are left out.`]
        : []),
    ];
  }

  /** The columns because of which rows are left out; null: none is. */
  reason(columns: GapColumns): string | null {
    return this.#all === this.#whole ? null : this.#inWords(this.#gaps(), columns);
  }

  /** The column with the most rows first. */
  #gaps(): readonly Gap[] {
    const rows = new Map<number, number>();
    for (const lost of this.#lost.values()) {
      for (const column of lost.columns) rows.set(column, (rows.get(column) ?? 0) + lost.rows);
    }
    return [...rows]
      .map(([column, lost]) => ({ column, rows: lost }))
      .sort((one, other) => other.rows - one.rows || one.column - other.column);
  }

  #rowsWithout(columns: readonly number[]): number {
    const gained = [...this.#lost.values()].filter((lost) => lost.columns.every((column) => columns.includes(column)));
    return gained.reduce((sum, { rows }) => sum + rows, this.#whole);
  }

  #inWords(gaps: readonly Gap[], { names, targets, hasText }: GapColumns): string {
    const phrases = gaps.slice(0, mostNamed).map(({ column, rows }) => {
      const name = `${targets.includes(column) ? 'the target ' : ''}${names[column]!}`;
      return `${name} ${hasText(column) ? 'has no number' : 'is empty'} in ${count(rows)} of ${counted(this.#all, 'row')}`;
    });
    return `${phrases.join(', ')}${gaps.length > mostNamed ? ', …' : ''}`;
  }
}
