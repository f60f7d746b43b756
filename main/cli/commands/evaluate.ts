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
import type { SampleSources } from '../../../core/evaluation/tables.ts';
import { sampleSourcesOf } from '../../evaluation/sample-sources-of.ts';
import { plannedRun } from '../../evaluation/planned-run.ts';
import { predictionsOfRun } from '../../evaluation/predictions-of-run.ts';
import type { PredictionSettings } from '../../evaluation/predictions-of-run.ts';
import { fail } from '../../failures.ts';
import type { RunRow } from '../../runs/run-index.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { evaluateRegression } from './evaluate-regression.ts';
import { writeTables } from './evaluation-extras.ts';
import type { EvaluationExtras } from './evaluation-extras.ts';
import { printFigures, printedFigures } from './figures-in-words.ts';
import { runNamed } from './run-named.ts';

export interface EvaluateSettings extends PredictionSettings, EvaluationExtras {}

export async function evaluate(output: Output, name: string, settings: EvaluateSettings): Promise<ExitCode> {
  const run = await runNamed(name, output);
  const found = await predictionsOfRun(run, settings);
  const { predictions, checkpoint, weights, views } = found;
  const planned = await plannedRun(run);
  if (predictions.targets !== null) {
    const evaluated = { run, directory: checkpoint.directory, weights, planned };
    return evaluateRegression(output, evaluated, predictions, predictions.targets, settings);
  }
  const { plan, classNames } = planned;
  const nameOf = (label: number): string => classNames[label] ?? String(label);
  const figures = classifierFigures(predictions);
  const { averaged } = predictions;
  const evaluated = {
    ...{ run, checkpoint, weights, views, loss: predictions.loss, figures, nameOf },
    evaluateViews: plan.training.evaluateViews,
    averaged: averaged === undefined ? null : classifierFigures({ ...predictions, probabilities: averaged }),
    compared: settings.against === undefined ? null : await compare(run, predictions, settings.against, settings),
  };
  if (settings.csv !== undefined) {
    const sources = await sampleSourcesOf(run, plan.data.test);
    await writeTables(settings.csv, classifierTables(predictions, nameOf, sources));
  }
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
    fail('badUsage', `${run.id} and ${other.id} were not evaluated on the same samples.`, { at: other.id });
  }
  return { run: other.id, comparison: compareJudgements(judge(predictions), judge(others)) };
}

function areSameSamples(one: Int32Array, other: Int32Array): boolean {
  return one.length === other.length && one.every((label, sample) => label === other[sample]);
}

function classifierTables(
  predictions: ClassPredictions,
  nameOf: (label: number) => string,
  sources: SampleSources,
): Readonly<Record<string, string>> {
  const judgement = judge(predictions);
  const { matrix, classes, confusions, calibration } = classifierFigures(predictions, judgement);
  const all = Int32Array.from(predictions.labels.keys());
  return {
    'confusion-matrix': matrixTable(matrix, nameOf),
    classes: classTable(classes, nameOf),
    confusions: confusionTable(confusions, nameOf),
    calibration: calibrationTable(calibration),
    samples: sampleTable(all, predictions, judgement, nameOf, sources),
  };
}
