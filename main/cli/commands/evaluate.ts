import path from 'node:path';
import { augmentedFigures } from '../../evaluation/augmented-figures.ts';
import { classFigures, confusionMatrix, judgements, largestConfusions } from '../../evaluation/confusion.ts';
import { judgeRun } from '../../evaluation/judge-run.ts';
import type { JudgeSettings } from '../../evaluation/judge-run.ts';
import { writeMismatches } from '../../evaluation/mismatches.ts';
import { regressionFigures } from '../../evaluation/regression-figures.ts';
import type { JudgedTestSet } from '../../engine/messages.ts';
import { RunIndex } from '../../runs/run-index.ts';
import type { RunRow } from '../../runs/run-index.ts';
import { findRun } from '../../runs/runs.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { count, figure, percent, table } from '../format.ts';
import type { Output } from '../output.ts';

type Settings = Omit<JudgeSettings, 'withMismatches'>;

const confusionsShown = 10;

export async function evaluate(output: Output, name: string, settings: Settings): Promise<ExitCode> {
  const run = await runNamed(name);
  const { judged, views, checkpoint, classNames } = await judgeRun(run, { ...settings, withMismatches: false });
  if (judged.targets !== null) return evaluateRegression(output, run, checkpoint.directory, judged, judged.targets);
  const nameOf = (label: number): string => classNames[label] ?? String(label);
  const matrix = confusionMatrix(judged.labels, judgements(judged.probabilities, judged.classes), judged.classes);
  const classes = classFigures(matrix);
  const accuracy = classes.reduce((sum, { right }) => sum + right, 0) / judged.samples;
  const confusions = largestConfusions(matrix, confusionsShown);
  const augmented = augmentedFigures(judged, views.length);
  if (output.isJson) {
    output.json({
      event: 'evaluated',
      run: run.id,
      checkpoint,
      weights: judged.weights,
      samples: judged.samples,
      loss: judged.loss,
      accuracy,
      ...(augmented === null ? {} : { augmented }),
      classes: classes.map(({ label, samples, right }) => ({
        name: nameOf(label),
        samples,
        right,
        accuracy: right / samples,
      })),
      confusions: confusions.map((cell) => ({
        label: nameOf(cell.label),
        judged: nameOf(cell.judged),
        count: cell.count,
      })),
    });
    return exitCodes.done;
  }
  output.line(
    `${run.id}, ${settings.checkpoint} checkpoint (${checkpoint.directory}), ${judged.weights} weights, ` +
      `${count(judged.samples)} test images`,
  );
  output.line(`loss ${figure(judged.loss)}, accuracy ${percent(accuracy)}`);
  if (augmented !== null) {
    const { plain, averaged } = augmented;
    output.line(`probabilities averaged over ${augmented.views} views of each image:`);
    output.line(`  log loss ${figure(averaged.logLoss)} (one view ${figure(plain.logLoss)})`);
    output.line(`  accuracy ${percent(averaged.accuracy)} (one view ${percent(plain.accuracy)})`);
  }
  output.line();
  const columns = [
    { title: 'class', align: 'left' },
    { title: 'images', align: 'right' },
    { title: 'right', align: 'right' },
    { title: 'accuracy', align: 'right' },
  ] as const;
  const rows = classes.map(({ label, samples, right }) => [
    nameOf(label),
    count(samples),
    count(right),
    percent(samples > 0 ? right / samples : null),
  ]);
  for (const line of table(columns, rows)) output.line(line);
  if (confusions.length > 0) {
    output.line();
    output.line('Most often taken for another:');
  }
  for (const cell of confusions) output.line(`  ${nameOf(cell.label)} → ${nameOf(cell.judged)}  ${cell.count}`);
  return exitCodes.done;
}

function evaluateRegression(
  output: Output,
  run: RunRow,
  directory: string,
  { probabilities: told, classes: targets, samples, loss, weights }: JudgedTestSet,
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

export async function mismatches(output: Output, name: string, out: string, settings: Settings): Promise<ExitCode> {
  const run = await runNamed(name);
  const file = path.resolve(out);
  const found = await writeMismatches(run, settings, file);
  if (output.isJson) output.json({ event: 'mismatchesWritten', run: run.id, file, mismatches: found });
  else output.line(`${count(found)} misclassified test images of ${run.id} drawn to ${file}`);
  return exitCodes.done;
}

async function runNamed(name: string): Promise<RunRow> {
  const index = await RunIndex.open();
  try {
    return await findRun(index, name);
  } finally {
    index.close();
  }
}
