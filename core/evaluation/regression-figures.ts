import type { RegressionErrors } from '../training/events.ts';

/** How far what a network tells is off. Both are row-major samples × targets. */
export function regressionFigures(
  told: Float32Array,
  wanted: Float32Array,
  targets: number,
): { readonly overall: RegressionErrors; readonly each: readonly RegressionErrors[] } {
  const each = Array.from({ length: targets }, (_, target) =>
    errorsOf(told, wanted, (index) => index % targets === target),
  );
  return { overall: errorsOf(told, wanted, () => true), each };
}

function errorsOf(told: Float32Array, wanted: Float32Array, counts: (index: number) => boolean): RegressionErrors {
  let absolute = 0;
  let squares = 0;
  let numbers = 0;
  for (const [index, target] of wanted.entries()) {
    if (!counts(index)) continue;
    const error = told[index]! - target;
    absolute += Math.abs(error);
    squares += error * error;
    numbers++;
  }
  return { meanAbsolute: absolute / numbers, rootMeanSquare: Math.sqrt(squares / numbers) };
}
