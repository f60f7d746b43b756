/** What a figure is: declared once in `of-epochs.ts` or `of-steps.ts`, measured by the engine under the same name. */

/** Samples and weights that a figure is measured with: training data; test data by the last weights or their average. */
export const splits = ['train', 'test', 'averaged'] as const;
export type Split = (typeof splits)[number];

/**
 * How values are written. `loss`: four decimals in tables. `fraction`: 0…1, as a percentage. `number`: four significant
 * digits. `count`: whole.
 */
export type FigureFormat = 'loss' | 'fraction' | 'number' | 'count';

interface FigureCommon<Name extends string> {
  readonly name: Name;
  /** Of its chart. */
  readonly title: string;
  /** `target`: a number in the unit of a regression's single target. */
  readonly unit?: string;
  /** Absent: neither is. */
  readonly better?: 'lower' | 'higher';
  readonly format: FigureFormat;
}

/** Measured over the samples of an epoch. */
export interface EpochFigure<Name extends string = string> extends FigureCommon<Name> {
  readonly of: 'epoch';
  /** In the titles of columns, after the split. */
  readonly short: string;
  /** Before its value where there is no title. Absent: the value tells what it is. */
  readonly abbreviation?: string;
  /** Epochs and runs are compared by it: by the first such figure that both have. */
  readonly isScore?: true;
  /** The value of the epoch so far is kept and drawn at steps too. */
  readonly isOfStepsToo?: true;
  /** It is listed in tables but has no chart. */
  readonly isWithoutChart?: true;
  /** The network it is of where two are trained against each other: its name for the lines of the one chart of losses. */
  readonly network?: 'discriminator' | 'generator';
  /** Limits of the axis of its chart. */
  readonly least?: number;
  readonly greatest?: number;
  /** Columns of the window's table of epochs. Absent: `Train <short>` and `Test <short>`. */
  readonly columns?: Readonly<Partial<Record<Split, string>>>;
  /** Columns of an epoch's line in the terminal. Absent: `test <short>`. */
  readonly terminalColumns?: Readonly<Partial<Record<Split, string>>>;
}

/** Measured at a step. */
export interface StepFigure<Name extends string = string> extends FigureCommon<Name> {
  readonly of: 'step';
  /** What its line is called in the legend. */
  readonly label: string;
  /** Of its line, 1…6 of the theme. */
  readonly colour: number;
  /** Every step has it, and so has every epoch: title of its chart where runs are compared. */
  readonly epochTitle?: string;
}

/** Keeps the names as types. */
export function declareEpochFigures<const Name extends string>(
  figures: readonly EpochFigure<Name>[],
): readonly EpochFigure<Name>[] {
  return figures;
}

export function declareStepFigures<const Name extends string>(
  figures: readonly StepFigure<Name>[],
): readonly StepFigure<Name>[] {
  return figures;
}
