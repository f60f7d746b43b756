import type { Handlers } from '../../core/contract/contract.ts';
import type { EvaluationCalls } from '../../core/contract/evaluation.ts';
import { testViews } from '../../core/training/test-views.ts';
import { testSampleFiles, testSamplePositions } from '../datasets/import/sample-names.ts';
import { readPixels } from '../datasets/read-pixels.ts';
import { readRows } from '../datasets/read-rows.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import { mismatchesOfRun } from '../evaluation/mismatches-of-run.ts';
import { plannedRun } from '../evaluation/planned-run.ts';
import { predictionsOfRun } from '../evaluation/predictions-of-run.ts';
import { readPredictedClasses } from '../evaluation/predicted-by-epoch.ts';
import { fail } from '../failures.ts';
import { predictedClassesFolder } from '../runs/run-folder.ts';
import type { RunIndex, RunRow } from '../runs/run-index.ts';

export function evaluationCalls(index: RunIndex, openEngine: OpenEngine): Pick<Handlers, keyof EvaluationCalls> {
  const named = async (run: string): Promise<RunRow> =>
    (await index.get(run)) ?? fail('notFound', `There is no run '${run}'.`, { at: run });
  return {
    'evaluation.predictions': async ({ run, ...choice }) => {
      const row = await named(run);
      const { plan, classNames, columnNames, targetNames } = await plannedRun(row);
      if (plan.adversarial !== null) {
        fail('notFound', `The network of ${row.name} is a generator: it makes images and predicts nothing.`, {
          at: run,
        });
      }
      const found = await predictionsOfRun(row, { ...choice, openEngine, isInBackground: true });
      const { predictions, checkpoint, weights, hasAverage, views } = found;
      const { averaged = null, ...predicted } = predictions;
      const { inputShape } = plan;
      const { targetMeans = null, targetScaling } = plan.data;
      const none = await readPixels(plan.data.test, inputShape, new Int32Array(0));
      return {
        ...{ run, epoch: checkpoint.epoch, step: checkpoint.step, weights, hasAverage },
        ...{ classNames, inputShape, hasImages: none !== null },
        hasViews: testViews(plan.data.augment).length > 1,
        ...{ columnNames, targetNames, targetMeans, isTargetStandardised: targetScaling !== undefined },
        evaluateViews: plan.training.evaluateViews,
        ...{ ...predicted, averaged, views },
        positions: await testSamplePositions(plan.data.test),
        files: await testSampleFiles(plan.data.test),
      };
    },
    'evaluation.history': async ({ run, weights }) => {
      const found = await readPredictedClasses(predictedClassesFolder((await named(run)).id), weights);
      return {
        epochs: found.map(({ epoch }) => epoch),
        predicted: found.map(({ predicted }) => predicted),
        confidences: found.map(({ confidences }) => confidences),
      };
    },
    'evaluation.mismatches': async ({ run, limit }) => {
      const row = await named(run);
      return mismatchesOfRun(row, index.epochs.of(run).at(-1)?.epoch ?? 0, limit);
    },
    'evaluation.images': async ({ run, indices }) => {
      const { plan } = await plannedRun(await named(run));
      return (await readPixels(plan.data.test, plan.inputShape, indices)) ?? new Uint8Array(0);
    },
    'evaluation.rows': async ({ run, indices }) => {
      const { plan } = await plannedRun(await named(run));
      const { test, origins } = plan.data;
      return (await readRows(test, plan.inputShape, indices, origins)) ?? new Float64Array(0);
    },
  };
}
