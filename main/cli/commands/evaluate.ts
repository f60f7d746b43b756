import path from 'node:path';
import { compareJudgements } from '../../../core/evaluation/compare-runs.ts';
import { classifierFigures } from '../../../core/evaluation/classifier-figures.ts';
import { judge } from '../../../core/evaluation/judgement.ts';
import type { ClassPredictions } from '../../../core/evaluation/judgement.ts';
import {
  calibrationTable,
  classTable,
  confusionTable,
  matrixTable,
  sampleTable,
} from '../../../core/evaluation/tables.ts';
import { plannedRun } from '../../evaluation/planned-run.ts';
import { predictionsOfRun } from '../../evaluation/predictions-of-run.ts';
import type { PredictionSettings } from '../../evaluation/predictions-of-run.ts';
import { fail } from '../../failures.ts';
import { makeFolder, replaceFile } from '../../files.ts';
import type { RunRow } from '../../runs/run-index.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { evaluateRegression } from './evaluate-regression.ts';
import { printFigures, printedFigures } from './figures-in-words.ts';
import { runNamed } from './run-named.ts';

export interface EvaluateSettings extends PredictionSettings {
  /** Another run to compare with on the same samples. */
  readonly against?: string;
  /** Folder for all figures as CSV. */
  readonly csv?: string;
}

export async function evaluate(output: Output, name: string, settings: EvaluateSettings): Promise<ExitCode> {
  const run = await runNamed(name);
  const found = await predictionsOfRun(run, settings);
  const { predictions, checkpoint, weights, views } = found;
  if (predictions.targets !== null) {
    return evaluateRegression(output, run, checkpoint.directory, weights, predictions, predictions.targets);
  }
  const { classNames } = await plannedRun(run);
  const nameOf = (label: number): string => classNames[label] ?? String(label);
  const figures = classifierFigures(predictions);
  const { averaged } = predictions;
  const evaluated = {
    ...{ run, checkpoint, weights, views, loss: predictions.loss, figures, nameOf },
    averaged: averaged === undefined ? null : classifierFigures({ ...predictions, probabilities: averaged }),
    compared: settings.against === undefined ? null : await compare(run, predictions, settings.against, settings),
  };
  if (settings.csv !== undefined) await writeTables(path.resolve(settings.csv), predictions, nameOf);
  if (output.isJson) output.json(printedFigures(evaluated));
  else for (const line of printFigures(evaluated)) output.line(line);
  return exitCodes.done;
}

async function compare(
  run: RunRow,
  predictions: ClassPredictions,
  name: string,
  { checkpoint }: PredictionSettings,
): Promise<{ readonly run: string; readonly comparison: ReturnType<typeof compareJudgements> }> {
  const other = await runNamed(name);
  const { predictions: others } = await predictionsOfRun(other, { checkpoint });
  if (others.targets !== null || !areSameSamples(predictions.labels, others.labels)) {
    fail('badUsage', `${run.id} and ${other.id} were not tested on the same samples.`, { at: other.id });
  }
  return { run: other.id, comparison: compareJudgements(judge(predictions), judge(others)) };
}

function areSameSamples(one: Int32Array, other: Int32Array): boolean {
  return one.length === other.length && one.every((label, sample) => label === other[sample]);
}

async function writeTables(
  folder: string,
  predictions: ClassPredictions,
  nameOf: (label: number) => string,
): Promise<void> {
  const judgement = judge(predictions);
  const { matrix, classes, confusions, calibration } = classifierFigures(predictions, judgement);
  const all = Int32Array.from(predictions.labels.keys());
  await makeFolder(folder);
  const tables = {
    'confusion-matrix': matrixTable(matrix, nameOf),
    classes: classTable(classes, nameOf),
    confusions: confusionTable(confusions, nameOf),
    calibration: calibrationTable(calibration),
    samples: sampleTable(all, predictions, judgement, nameOf),
  };
  for (const [name, table] of Object.entries(tables)) await replaceFile(path.join(folder, `${name}.csv`), table);
}
