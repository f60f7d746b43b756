/** Run by a test in a process of its own: makes a run, prints its id, stores epochs until it is killed. */
import { RunIndex } from '../../../main/runs/run-index.ts';
import { createRun } from '../../../main/runs/runs.ts';

const index = await RunIndex.open();
const run = await createRun(index, {
  project: 'mnist-logit',
  projectText: '{}\n',
  seed: 1,
  epochs: 1_000_000,
  threads: 1,
  device: 'cpu',
});
console.log(run);

for (let epoch = 1; ; epoch++) {
  index.epochs.add({
    event: 'epochFinished',
    run,
    epoch,
    epochs: 1_000_000,
    learningRate: 0.1,
    train: { loss: 1, accuracy: 0.5 },
    test: { loss: 1, accuracy: 0.5 },
    seconds: 1,
    imagesPerSecond: 1000,
  });
  index.metrics.addBatchLosses(run, epoch, new Float32Array(600));
  await new Promise((resolve) => setTimeout(resolve, 2));
}
