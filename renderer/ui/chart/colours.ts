import type { MarkKind } from './series.ts';

/** The theme's colours as a canvas or a picture wants them. */
export interface ChartTheme {
  /** Colours 1…6, from index 0. */
  readonly series: readonly string[];
  readonly text: string;
  readonly grid: string;
  /** The pointer's line. */
  readonly mark: string;
  readonly marks: Readonly<Record<MarkKind, string>>;
  /** Behind the lines. */
  readonly paper: string;
  readonly ink: string;
  readonly font: string;
}
