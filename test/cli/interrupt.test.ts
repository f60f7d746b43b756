import { readFile } from 'node:fs/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { holdTrainings, releaseTrainings } from '../step-gate.ts';
import { checkpointIndex, lastWeights, printed, run, start, trainToEnd, useTemporaryHome } from './command.ts';
import type { PrintedEvent, Running } from './command.ts';

const home = useTemporaryHome();

const stepsPerEpoch = 600;
const words = ['train', 'mnist-logit', '--epochs', '2', '--seed', '3', '--threads', '1', '--json'];

/** The same training, never interrupted. */
let whole: Pick<Awaited<ReturnType<typeof trainToEnd>>, 'train' | 'test'> & { readonly weights: Buffer };
beforeAll(async () => {
  await home.make();
  const { run: runId, train, test } = await trainToEnd(...words);
  whole = { train, test, weights: await lastWeights(runId) };
  await home.remove();
});
afterEach(releaseTrainings);

const metAt = 50;

/** A training that waits in the middle of its second epoch. */
async function startAndMeet(): Promise<{ readonly training: Running; readonly runId: string }> {
  await holdTrainings(stepsPerEpoch + metAt);
  const training = start(...words);
  const runId = await startedRun(training);
  await training.event(isInSecondEpoch);
  return { training, runId };
}

function isInSecondEpoch(event: PrintedEvent): boolean {
  return event.event === 'step' && event.epoch === 2 && event.step === metAt;
}

async function startedRun(training: Running): Promise<string> {
  const event = await training.event(({ event }) => event === 'runStarted');
  if (event.event !== 'runStarted') throw new Error('not started');
  return event.run;
}

/** The processes of a training: the command line's own, and its engine's. */
async function processesOf(training: Running): Promise<number[]> {
  const pid = training.child.pid ?? 0;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return [pid, ...children.trim().split(' ').map(Number)];
}

async function statusOf(runId: string): Promise<string> {
  return (JSON.parse((await run('runs', 'show', runId, '--json')).stdout) as { status: string }).status;
}

async function expectSameAsUninterrupted(runId: string): Promise<void> {
  await releaseTrainings();
  const resumed = await trainToEnd('resume', runId);
  expect(resumed.run).toBe(runId);
  expect(resumed.test).toEqual(whole.test);
  expect(resumed.train).toEqual(whole.train);
  expect(await lastWeights(runId)).toEqual(whole.weights);
  const shown = JSON.parse((await run('runs', 'show', runId, '--json')).stdout) as { epochs: { epoch: number }[] };
  expect(shown.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
}

describe('a training in mid-epoch', () => {
  it('saves and ends with 130 at Ctrl+C, and goes on to the same weights', async () => {
    const { training, runId } = await startAndMeet();
    training.child.kill('SIGINT');
    const ended = await training.ended;
    expect(ended.code).toBe(130);
    const interrupted = printed(ended).find((event) => event.event === 'runInterrupted');
    const { last } = await checkpointIndex(runId);
    expect(last).toMatchObject({ epoch: 1, step: metAt });
    expect(interrupted).toMatchObject({ run: runId, epoch: 2, step: metAt });
    expect(await statusOf(runId)).toBe('interrupted');
    await expectSameAsUninterrupted(runId);
  });

  it('says to people how to go on', async () => {
    await holdTrainings(metAt);
    const training = start(...words.filter((word) => word !== '--json'));
    await new Promise((resolve) => training.child.stdout?.once('data', resolve));
    training.child.kill('SIGINT');
    const ended = await training.ended;
    expect(ended.code).toBe(130);
    expect(ended.stdout).toMatch(/torchwright resume mnist-logit-\d{8}-\d{6}-\w{3}/);
  });

  it('stops at once at the second Ctrl+C, and can still go on', async () => {
    // Nothing is saved within 300 seconds of an epoch, so stopping at once leaves the checkpoint of epoch 1.
    const { training, runId } = await startAndMeet();
    const [, engine = 0] = await processesOf(training);
    process.kill(engine, 'SIGSTOP');
    training.child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 700));
    training.child.kill('SIGINT');
    const ended = await training.ended;
    expect(ended.code).toBe(130);
    expect(await statusOf(runId)).toBe('interrupted');
    expect((await checkpointIndex(runId)).last).toMatchObject({ epoch: 1, step: 0 });
    await expectSameAsUninterrupted(runId);
  });

  it('goes on to the same weights after kill -9 of all its processes', async () => {
    const { training, runId } = await startAndMeet();
    for (const pid of await processesOf(training)) process.kill(pid, 'SIGKILL');
    await training.ended;
    expect(await statusOf(runId)).toBe('interrupted');
    await expectSameAsUninterrupted(runId);
  });

  it('is saved by its engine when kill -9 takes only the command line', async () => {
    const { training, runId } = await startAndMeet();
    training.child.kill('SIGKILL');
    await training.ended;
    // resume waits for the engine to save.
    await expectSameAsUninterrupted(runId);
  });

  it('is marked as failed, with what its engine last said, when the engine crashes', async () => {
    const { training, runId } = await startAndMeet();
    const [, engine = 0] = await processesOf(training);
    process.kill(engine, 'SIGSEGV');
    const ended = await training.ended;
    expect(ended.code).toBe(1);
    expect(printed(ended).at(-1)).toMatchObject({ event: 'runFailed', error: { code: 'engineCrashed' } });
    expect(ended.stderr).toContain('SIGSEGV');
    expect(await statusOf(runId)).toBe('failed');
    await expectSameAsUninterrupted(runId);
  });

  it('is refused to a second process', async () => {
    await holdTrainings(metAt);
    const training = start(...words);
    const runId = await startedRun(training);
    const second = await run('resume', runId);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain('is being trained');
    training.child.kill('SIGINT');
    await training.ended;
  });
});

describe('a finished run', () => {
  const network = {
    type: 'Sequential',
    children: [
      { type: 'Flatten' },
      { type: 'Linear', options: { out_features: 16 } },
      { type: 'BatchNorm1d' },
      { type: 'Dropout', options: { p: 0.1 } },
      { type: 'Linear', options: { out_features: 10 } },
    ],
  };
  /** Statistics, dropout, momentum, an average and augmentation: everything with a state that has to go on. */
  const settings = {
    'networks.main': network,
    'recipe.batchSize': 600,
    'recipe.optimizer': { type: 'SGD', momentum: 0.9 },
    'recipe.averaging': { kind: 'ema', decay: 0.9 },
    'data.augment': { crop: { padding: 1 } },
  };
  const whole = [
    ...['train', 'mnist-logit', '--threads', '1', '--seed', '4'],
    ...Object.entries(settings).flatMap(([place, value]) => ['--set', `${place}=${JSON.stringify(value)}`]),
  ];
  const constant = ['--set', 'recipe.schedule={"type":"Constant","rate":0.05}'];
  const cosine = ['--set', 'recipe.schedule={"type":"Cosine","rate":0.05}'];

  it('is resumed only with more epochs', async () => {
    const { run: runId } = await trainToEnd(...whole, ...constant, '--epochs', '1');
    for (const words of [[], ['--epochs', '1']]) {
      const again = await run('resume', runId, ...words, '--json');
      expect(again.code).toBe(2);
      expect(printed(again)).toMatchObject([{ event: 'error', error: { code: 'badUsage', at: runId } }]);
    }
    expect(await statusOf(runId)).toBe('finished');
  });

  it('trained further has the weights of a run that was that long from the beginning', async () => {
    const long = await trainToEnd(...whole, ...constant, '--epochs', '4');
    const { run: runId } = await trainToEnd(...whole, ...constant, '--epochs', '2');
    const ended = await run('resume', runId, '--epochs', '4', '--json');
    expect(ended.code).toBe(0);
    const events = printed(ended);
    const change = events.find((event) => event.event === 'settingsChanged');
    expect(change).toEqual({ event: 'settingsChanged', run: runId, epoch: 3, step: 0, changes: { epochs: 4 } });
    expect(events.at(-1)).toMatchObject({ event: 'runFinished', epochs: 4, train: long.train, test: long.test });
    expect(await lastWeights(runId)).toEqual(await lastWeights(long.run));
    const shown = JSON.parse((await run('runs', 'show', runId, '--json')).stdout) as Shown;
    const shownLong = JSON.parse((await run('runs', 'show', long.run, '--json')).stdout) as Shown;
    expect(shown).toMatchObject({ status: 'finished', epochsDone: 4 });
    const figures = ({ epochs }: Shown) => epochs.map(({ epoch, train, test }) => ({ epoch, train, test }));
    expect(figures(shown)).toEqual(figures(shownLong));
    // A second time, from where it is now.
    expect((await trainToEnd('resume', runId, '--epochs', '5')).epochs).toBe(5);
  });

  it('says what a schedule becomes that spans all epochs', async () => {
    const { run: runId } = await trainToEnd(...whole, ...cosine, '--epochs', '2');
    const events = printed(await run('resume', runId, '--epochs', '3', '--json'));
    // .05 · (1 + cos(π · 1/2)) / 2 in the second of two epochs; .05 · (1 + cos(π · 2/3)) / 2 in the third of three.
    const change = events.find((event) => event.event === 'settingsChanged');
    if (change?.event !== 'settingsChanged') throw new Error('no change');
    expect(change.newRates?.before).toBeCloseTo(0.025, 10);
    expect(change.newRates?.after).toBeCloseTo(0.0125, 10);
    const last = events.find((event) => event.event === 'epochFinished');
    expect(last).toMatchObject({ epoch: 3, learningRate: change.newRates?.after });
  });

  it('that had stopped early is trained further, with its patience anew', async () => {
    const never = { metric: 'testLoss', patience: 1, minimumChange: 1000 };
    const early = ['--set', `recipe.earlyStopping=${JSON.stringify(never)}`];
    const { run: runId, epochs } = await trainToEnd(...whole, ...constant, ...early, '--epochs', '9');
    expect(epochs).toBe(2);
    const resumed = await trainToEnd('resume', runId, '--epochs', '9');
    expect(resumed.epochs).toBe(4);
  });
});

interface Shown {
  readonly status: string;
  readonly epochsDone: number;
  readonly epochs: readonly { readonly epoch: number; readonly train: object; readonly test: object }[];
}

it('a reader that goes away ends the training as Ctrl+C does', async () => {
  await holdTrainings(metAt);
  const training = start(...words);
  const runId = await startedRun(training);
  training.child.stdout?.destroy();
  // What it prints next, nobody reads.
  await holdTrainings(2 * metAt);
  expect((await training.ended).code).toBe(130);
  expect(await statusOf(runId)).toBe('interrupted');
});
