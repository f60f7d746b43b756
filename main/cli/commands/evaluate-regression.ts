import type { Weights } from '../../../core/contract/runs.ts';
import { regressionFigures } from '../../../core/evaluation/regression-figures.ts';
import type { RegressionFigures } from '../../../core/evaluation/regression-figures.ts';
import { predictionTable, targetTable, targetTitles } from '../../../core/evaluation/tables.ts';
import type { KeptPredictions } from '../../evaluation/stored-predictions.ts';
import { sampleSourcesOf } from '../../evaluation/sample-sources-of.ts';
import { fail } from '../../failures.ts';
import type { RunRow } from '../../runs/run-index.ts';
import type { PlannedProject } from '../../training/plan-project.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { count, figure, significant, table } from '../format.ts';
import type { Output } from '../output.ts';
import { writeTables } from './evaluation-extras.ts';
import type { EvaluationExtras } from './evaluation-extras.ts';

export async function evaluateRegression(
  output: Output,
  { run, directory, weights, planned }: EvaluatedRun,
  { probabilities: predicted, classes: targets, samples, loss }: KeptPredictions,
  wanted: Float32Array,
  { against, csv }: EvaluationExtras,
): Promise<ExitCode> {
  if (against !== undefined) {
    fail('badUsage', `${run.id} is a regression run: only classification runs can be compared with --against.`, {
      at: run.id,
      advice: `Evaluate each run by itself: torchwright evaluate ${against}`,
    });
  }
  const { data, training } = planned.plan;
  const evaluation = regressionFigures(predicted, wanted, targets, data.targetMeans);
  const { overall, each, baseline } = evaluation;
  const names = targetTitles(planned.targetNames, targets);
  const nameOf = (target: number): string => names[target]!;
  if (csv !== undefined) {
    await writeTables(csv, {
      targets: targetTable(evaluation, names),
      samples: predictionTable(predicted, wanted, names, await sampleSourcesOf(run, data.test)),
    });
  }
  const isStandardised = data.targetScaling !== undefined;
  if (output.isJson) {
    output.json({
      ...{ event: 'evaluated', run: run.id, directory, weights, samples, loss },
      lossOf: isStandardised ? 'standardised targets' : 'targets',
      errors: overall,
      baseline: baseline.overall,
      targets: each.map((figures, target) => ({ name: nameOf(target), ...figures, baseline: baseline.each[target] })),
    });
    return exitCodes.done;
  }
  output.line(`${run.id}, checkpoint ${directory}, ${weights} weights, ${count(samples)} test samples`);
  output.line(
    `${training.loss.type} loss ${figure(loss)}, of ${isStandardised ? 'standardised targets' : 'the original targets'}`,
  );
  if (targets > 1) output.line(`mean R² of the ${targets} targets ${coefficient(overall)}`);
  output.line();
  const columns = [
    { title: 'target', align: 'left' },
    { title: 'R²', align: 'right' },
    { title: 'RMSE', align: 'right' },
    { title: 'MAE', align: 'right' },
  ] as const;
  const row = (name: string, figures: RegressionFigures): string[] => [
    name,
    coefficient(figures),
    significant(figures.rootMeanSquare),
    significant(figures.meanAbsolute),
  ];
  const rows = each.flatMap((figures, target) => [
    row(nameOf(target), figures),
    row('  mean baseline', baseline.each[target]!),
  ]);
  for (const line of table(columns, rows)) output.line(line);
  output.line();
  output.line('RMSE (root mean square error) and MAE (mean absolute error) are in the unit of the target.');
  return exitCodes.done;
}

export interface EvaluatedRun {
  readonly run: RunRow;
  /** Of the checkpoint. */
  readonly directory: string;
  readonly weights: Weights;
  readonly planned: PlannedProject;
}

function coefficient({ r2 }: RegressionFigures): string {
  return r2 === null ? '–' : r2.toFixed(4);
}
