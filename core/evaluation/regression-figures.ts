/** How far a regression is off, over all numbers: in the unit of a single target, of several standardised ones in deviations. */
export interface RegressionErrors {
  readonly meanAbsolute: number;
  readonly rootMeanSquare: number;
}

/** How far a regression is off. */
export interface RegressionFigures extends RegressionErrors {
  /**
   * Coefficient of determination, 1 − Σ(prediction − target)² / Σ(target − mean)²: 1 is perfect, 0 is as good as the
   * mean of these targets. Null where all targets are the same.
   */
  readonly r2: number | null;
}

export interface RegressionEvaluation {
  /** Errors over all numbers; R² is the mean of those of the targets, as scikit-learn has it. */
  readonly overall: RegressionFigures;
  readonly each: readonly RegressionFigures[];
  /** What it takes to be useful: the errors of predicting the mean for every sample. */
  readonly baseline: { readonly overall: RegressionFigures; readonly each: readonly RegressionFigures[] };
}

/**
 * `predicted` and `wanted` are row-major samples × targets, in the same units. `means`: what the baseline predicts, the
 * means of the training targets; null: those of `wanted`.
 */
export function regressionFigures(
  predicted: Float32Array,
  wanted: Float32Array,
  targets: number,
  means: readonly number[] | null = null,
): RegressionEvaluation {
  const constant = means ?? Array.from({ length: targets }, (_, target) => meanOf(wanted, targets, target));
  const baseline = wanted.map((_, index) => constant[index % targets]!);
  return { ...figuresOf(predicted, wanted, targets), baseline: figuresOf(baseline, wanted, targets) };
}

function figuresOf(
  predicted: Float32Array,
  wanted: Float32Array,
  targets: number,
): Pick<RegressionEvaluation, 'overall' | 'each'> {
  const each = Array.from({ length: targets }, (_, target) => ({
    ...errorsOf(predicted, wanted, (index) => index % targets === target),
    r2: determination(predicted, wanted, targets, target),
  }));
  const known = each.flatMap(({ r2 }) => (r2 === null ? [] : [r2]));
  const r2 = known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  return { overall: { ...errorsOf(predicted, wanted, () => true), r2 }, each };
}

function meanOf(wanted: Float32Array, targets: number, target: number): number {
  let sum = 0;
  for (let index = target; index < wanted.length; index += targets) sum += wanted[index]!;
  return sum / (wanted.length / targets);
}

function determination(predicted: Float32Array, wanted: Float32Array, targets: number, target: number): number | null {
  const mean = meanOf(wanted, targets, target);
  let [residual, total] = [0, 0];
  for (let index = target; index < wanted.length; index += targets) {
    residual += (predicted[index]! - wanted[index]!) ** 2;
    total += (wanted[index]! - mean) ** 2;
  }
  return total === 0 ? null : 1 - residual / total;
}

function errorsOf(predicted: Float32Array, wanted: Float32Array, counts: (index: number) => boolean): RegressionErrors {
  let absolute = 0;
  let squares = 0;
  let numbers = 0;
  for (const [index, target] of wanted.entries()) {
    if (!counts(index)) continue;
    const error = predicted[index]! - target;
    absolute += Math.abs(error);
    squares += error * error;
    numbers++;
  }
  return { meanAbsolute: absolute / numbers, rootMeanSquare: Math.sqrt(squares / numbers) };
}
