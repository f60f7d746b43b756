import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { locateDataset } from '../../../main/datasets/datasets.ts';
import { writePredictions } from '../../../main/evaluation/stored-predictions.ts';
import { openProject } from '../../../main/projects/open-project.ts';
import { identityOf } from '../../../main/process-identity.ts';
import { writeCheckpointIndex } from '../../../main/runs/checkpoint-index.ts';
import { checkpointsFolder, makeRunFolder, predictionsFolder } from '../../../main/runs/run-folder.ts';
import { RunIndex } from '../../../main/runs/run-index.ts';

const samples = 10_000;
const classes = 10;
export const wrong = samples / 2;

/**
 * A finished run that told every second test image wrong, with what it said kept beside it: more mistakes than a
 * network makes. Nothing was trained, and the weights are none.
 */
export async function writeJudgedRun(home: string): Promise<void> {
  const before = process.env['TORCHWRIGHT_HOME'];
  process.env['TORCHWRIGHT_HOME'] = home;
  try {
    const project = await openProject('mnist-logit');
    const run = await makeRunFolder(project.name, serialiseProject(project));
    const checkpoint = path.join(checkpointsFolder(run), 'epoch-1');
    await mkdir(checkpoint);
    await mkdir(predictionsFolder(run));
    await writeFile(path.join(checkpoint, 'model.safetensors'), 'none');
    const position = { directory: 'epoch-1', epoch: 1, step: 0 };
    const index = { version: 1, last: position, best: { ...position, testAccuracy: 0.5 } } as const;
    await writeCheckpointIndex(checkpointsFolder(run), index);
    const key = { folder: predictionsFolder(run), checkpoint, weights: 'last', views: 0 } as const;
    await writePredictions(key, { ...(await halfWrong()), samples, classes, loss: 1, targets: null }, []);
    const runs = await RunIndex.open();
    const settings = { seed: 0, epochs: 1, threads: 2, device: 'cpu' };
    const owner = await identityOf(process.pid);
    runs.insert({ id: run, project: project.name, created: Date.now(), status: 'running', owner, ...settings });
    runs.ended(run, 'finished', { seconds: 1 });
    runs.close();
  } finally {
    if (before === undefined) delete process.env['TORCHWRIGHT_HOME'];
    else process.env['TORCHWRIGHT_HOME'] = before;
  }
}

async function halfWrong(): Promise<{ readonly labels: Int32Array; readonly probabilities: Float32Array }> {
  const { test } = await locateDataset({ source: 'mnist' });
  if (test.format !== 'idx') throw new Error('MNIST lies here in another form');
  const labels = Int32Array.from((await readFile(test.labels)).subarray(8));
  const probabilities = new Float32Array(samples * classes).fill(0.02);
  for (const [sample, label] of labels.entries()) {
    const said = sample % 2 === 0 ? label : (label + 1 + (sample % 9)) % classes;
    probabilities[sample * classes + said] = 0.3 + (sample % 500) / 1000;
  }
  return { labels, probabilities };
}
