import type { Weights } from '../../../core/contract/runs.ts';
import { regressionFigures } from '../../../core/evaluation/regression-figures.ts';
import type { KeptPredictions } from '../../evaluation/stored-predictions.ts';
import type { RunRow } from '../../runs/run-index.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { count, figure, table } from '../format.ts';
import type { Output } from '../output.ts';

export function evaluateRegression(
  output: Output,
  run: RunRow,
  directory: string,
  weights: Weights,
  { probabilities: told, classes: targets, samples, loss }: KeptPredictions,
  wanted: Float32Array,
): ExitCode {
  const { overall, each } = regressionFigures(told, wanted, targets);
  if (output.isJson) {
    output.json({ event: 'evaluated', run: run.id, directory, weights, samples, loss, errors: overall, targets: each });
    return exitCodes.done;
  }
  output.line(`${run.id}, ${directory}, ${weights} weights, ${count(samples)} test samples`);
  output.line(
    `loss ${figure(loss)}, mean absolute error ${figure(overall.meanAbsolute)}, ` +
      `root mean square error ${figure(overall.rootMeanSquare)}`,
  );
  if (each.length < 2) return exitCodes.done;
  output.line();
  const columns = [
    { title: 'target', align: 'left' },
    { title: 'mean absolute', align: 'right' },
    { title: 'root mean square', align: 'right' },
  ] as const;
  const rows = each.map((errors, index) => [
    String(index + 1),
    figure(errors.meanAbsolute),
    figure(errors.rootMeanSquare),
  ]);
  for (const line of table(columns, rows)) output.line(line);
  return exitCodes.done;
}
