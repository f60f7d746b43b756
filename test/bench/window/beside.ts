import { setTimeout as wait } from 'node:timers/promises';
import { predictionsOfRun } from '../../../main/evaluation/predictions-of-run.ts';
import { RunIndex } from '../../../main/runs/run-index.ts';
import { findRun } from '../../../main/runs/runs.ts';
import { makeHome, removeHome } from '../../e2e/desktop.ts';
import type { MeasuredTask } from '../figure.ts';
import { median } from '../../../core/training/median.ts';
import { findTask, projectOf } from '../tasks.ts';
import { startPlainTraining } from './plain-training.ts';
import type { Report } from './plain-training.ts';

/** Seconds of training with the question and without, each time. */
const span = 8;

/**
 * What a training loses while Evaluate asks the engine for what another checkpoint says of all test images, over and
 * over: the same training with and without, in turn.
 */
export async function measureBeside(rounds: number): Promise<MeasuredTask> {
  const project = await projectOf(findTask('mnist-conv'));
  const { batchSize } = project.recipe;
  const home = await makeHome();
  const before = process.env['TORCHWRIGHT_HOME'];
  process.env['TORCHWRIGHT_HOME'] = home;
  const index = await RunIndex.open();
  const training = await startPlainTraining(home, project);
  const found: { alone: number; beside: number; seconds: number }[] = [];
  try {
    const run = await findRun(index, await training.saved);
    for (let round = 0; round < rounds; round++) {
      const alone = await speedWhile(() => wait(span * 1000));
      const times: number[] = [];
      const beside = await speedWhile(async () => {
        const began = performance.now();
        do {
          const asked = performance.now();
          // A device that is named is asked anew: nothing that is kept answers.
          await predictionsOfRun(run, { checkpoint: 'best', device: 'cpu', isInBackground: true });
          times.push((performance.now() - asked) / 1000);
        } while (performance.now() - began < span * 1000);
      });
      found.push({ alone, beside, seconds: median(times) });
    }
  } finally {
    await training.stop();
    index.close();
    if (before === undefined) delete process.env['TORCHWRIGHT_HOME'];
    else process.env['TORCHWRIGHT_HOME'] = before;
    await removeHome(home);
  }
  return {
    task: 'evaluate-beside',
    note: `mnist-conv, batches of ${batchSize}, at least ${span} s each in turn`,
    figures: [
      { name: 'training alone', values: found.map(({ alone }) => alone), unit: 'images/s' },
      { name: 'training while Evaluate asks', values: found.map(({ beside }) => beside), unit: 'images/s' },
      { name: 'lost', values: found.map(({ alone, beside }) => (1 - beside / alone) * 100), unit: '%', aim: 2 },
      { name: 'Evaluate waits for 10,000 images', values: found.map(({ seconds }) => seconds), unit: 's' },
    ],
  };

  async function speedWhile(work: () => Promise<void>): Promise<number> {
    const first = training.reports.length;
    await work();
    return speedOf(training.reports.slice(first)) * batchSize;
  }
}

/** Steps a second, the median between two reports of one epoch: judging at an epoch's end is no part of it. */
function speedOf(reports: readonly Report[]): number {
  const pairs = reports.slice(1).map((report, at) => ({ report, last: reports[at]! }));
  const within = pairs.filter(({ report, last }) => report.epoch === last.epoch);
  if (within.length === 0) throw new Error('nothing was trained');
  return median(within.map(({ report, last }) => ((report.step - last.step) * 1000) / (report.at - last.at)));
}
