/** The theme's colours as a canvas or a picture wants them. */
export interface ChartTheme {
  /** Colours 1…6, from index 0. */
  readonly series: readonly string[];
  readonly text: string;
  readonly grid: string;
  readonly mark: string;
  /** Behind the lines. */
  readonly paper: string;
  readonly ink: string;
  readonly font: string;
}
