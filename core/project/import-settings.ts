/** How data of one's own are read, where the source itself does not say. Every field has a default that mostly suits. */
export interface ImportSettings {
  /** Absent: text and few different whole numbers are classes, other numbers a regression. */
  readonly task?: 'classification' | 'regression';
  /** Of a table: the column to tell, or the columns of a regression. Absent: the last one. */
  readonly target?: string | readonly string[];
  /** Height and width that images are brought to. Absent: the commonest size among them. */
  readonly size?: readonly [number, number];
  /** 1: grey, 3: colour. Absent: grey where every image is. */
  readonly channels?: 1 | 3;
  /** What is kept for testing: by default a fifth, of every class alike, drawn from seed 0. */
  readonly split?: { readonly testFraction?: number; readonly seed?: number };
}
