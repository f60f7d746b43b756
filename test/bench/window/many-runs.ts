import { RunIndex } from '../../../main/runs/run-index.ts';
import type { StepChunk } from '../../../main/runs/step-series.ts';
import { identityOf } from '../../../main/process-identity.ts';

export const runs = 5000;
const epochs = 20;
const pointsPerRun = 200;
export const points = runs * pointsPerRun;
const stepsPerEpoch = 600;

const recipes = ['mnist-logit', 'mnist-linear', 'mnist-conv', 'cifar10-resnet18', 'lesson-convbn'];
const minute = 60_000;

/** An index of so many runs as people would have after years. Their figures are a formula's: nothing was trained. */
export async function writeManyRuns(home: string): Promise<void> {
  const before = process.env['TORCHWRIGHT_HOME'];
  process.env['TORCHWRIGHT_HOME'] = home;
  try {
    const index = await RunIndex.open();
    const owner = await identityOf(process.pid);
    for (let number = 0; number < runs; number++) writeRun(index, number, owner);
    index.close();
  } finally {
    if (before === undefined) delete process.env['TORCHWRIGHT_HOME'];
    else process.env['TORCHWRIGHT_HOME'] = before;
  }
}

function writeRun(index: RunIndex, number: number, owner: Awaited<ReturnType<typeof identityOf>>): void {
  const project = recipes[number % recipes.length]!;
  const run = `${project}-${String(number).padStart(5, '0')}`;
  const created = Date.UTC(2026, 0, 1) + number * minute;
  const settings = { seed: number, epochs, threads: 2, device: 'cpu' };
  index.insert({ id: run, project, created, status: 'running', owner, ...settings });
  index.started({
    event: 'runStarted',
    run,
    project,
    ...settings,
    deviceName: 'CPU',
    parameters: 7850,
    trainSamples: 60_000,
    testSamples: 10_000,
    stepsPerEpoch,
    fromEpoch: 0,
    fromStep: 0,
  });
  index.epochs.replace(
    run,
    Array.from({ length: epochs }, (_, done) => {
      const loss = (2 + (number % 7) / 10) / (done + 2);
      const figures = { loss, accuracy: 1 - loss / 3 };
      const speed = { seconds: 3, imagesPerSecond: 20_000 + number };
      return {
        event: 'epochFinished',
        run,
        epoch: done + 1,
        epochs,
        learningRate: 0.05,
        train: figures,
        test: figures,
        ...speed,
      };
    }),
  );
  index.metrics.addSteps(run, stepsOf(number));
  index.ended(run, 'finished', { seconds: 60 });
  if (number % 49 === 0) index.update({ run, tags: ['kept'], isStarred: true });
}

function stepsOf(number: number): StepChunk {
  const rows: (readonly number[])[] = [];
  for (let point = 0; point < pointsPerRun; point++) {
    const step = ((point + 1) * epochs * stepsPerEpoch) / pointsPerRun;
    const loss = (2 + (number % 7) / 10) / (point + 2);
    rows.push([step, loss, 1 - loss / 3, 0.05, 20_000 + number, loss * 2]);
  }
  const column = (index: number) => Float64Array.from(rows, (row) => row[index]!);
  const names = ['loss', 'accuracy', 'learningRate', 'imagesPerSecond', 'gradientNorm'];
  return { step: column(0), figures: new Map(names.map((name, index) => [name, column(index + 1)])) };
}
