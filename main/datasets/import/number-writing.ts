import { readCell, shownSign } from './cell.ts';
import type { DecimalSign } from './cell.ts';

type SignCounts = Readonly<Record<DecimalSign, number>>;

/** What the cells of a column show of how their numbers are written. */
export interface ColumnSigns {
  readonly areNumbers: boolean;
  /** Numbers that can be read with this decimal sign alone, as 1.561,50 and 0,5 with a comma. */
  readonly certain: SignCounts;
  /** The first number such as 1.561, whose sign may separate thousands; null: there is none. */
  readonly open: string | null;
}

export interface NumberFormat {
  /** By column; columns without numbers included. */
  readonly decimals: readonly DecimalSign[];
  readonly columns: readonly ColumnSigns[];
  /** Each with the decimal sign that some number of the table shows for certain. */
  readonly shown: ReadonlySet<DecimalSign>;
}

interface Tally {
  numbers: number;
  others: number;
  readonly certain: Record<DecimalSign, number>;
  readonly uncertain: Record<DecimalSign, number>;
  open: string | null;
}

/**
 * How a table writes its numbers. A column is read as its own cells show; one that does not show it as the rest of the
 * table is written.
 */
export class NumberWriting {
  readonly #delimiter: string;
  readonly #columns: Tally[] = [];

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  add(cells: readonly string[]): void {
    for (const [column, text] of cells.entries()) {
      const tally = (this.#columns[column] ??= {
        ...{ numbers: 0, others: 0, open: null },
        ...{ certain: { '.': 0, ',': 0 }, uncertain: { '.': 0, ',': 0 } },
      });
      const sign = shownSign(text);
      if (sign === null) {
        const { kind } = readCell(text);
        if (kind === 'number') tally.numbers++;
        if (kind === 'text') tally.others++;
        continue;
      }
      tally.numbers++;
      (sign.isCertain ? tally.certain : tally.uncertain)[sign.decimal]++;
      if (!sign.isCertain) tally.open ??= text;
    }
  }

  format(): NumberFormat {
    const numeric = this.#columns.filter(hasNumbers);
    const certain = totals(numeric.map((column) => column.certain));
    const shown = new Set((['.', ','] as const).filter((sign) => certain[sign] > 0));
    const decimal = shown.size > 0 ? moreFrequent(certain) : this.#usual(numeric);
    return {
      decimals: this.#columns.map((column) => {
        const isShown = hasNumbers(column) && column.certain['.'] !== column.certain[','];
        return isShown ? moreFrequent(column.certain) : decimal;
      }),
      columns: this.#columns.map((column) => ({
        ...{ areNumbers: hasNumbers(column), certain: column.certain, open: column.open },
      })),
      shown,
    };
  }

  /** Where nothing is certain. A table whose cells are apart by commas rarely has them in its numbers. */
  #usual(numeric: readonly Tally[]): DecimalSign {
    return this.#delimiter === ',' ? '.' : moreFrequent(totals(numeric.map(({ uncertain }) => uncertain)));
  }
}

function hasNumbers({ numbers, others }: Tally): boolean {
  return numbers > others;
}

function totals(counts: readonly SignCounts[]): SignCounts {
  const total = (sign: DecimalSign): number => counts.reduce((sum, count) => sum + count[sign], 0);
  return { '.': total('.'), ',': total(',') };
}

function moreFrequent(counts: SignCounts): DecimalSign {
  return counts[','] > counts['.'] ? ',' : '.';
}
