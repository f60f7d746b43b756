import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkpointIndex, lastWeights, printed, run, start, trainToEnd, useTemporaryHome } from './command.ts';
import type { PrintedEvent, Running } from './command.ts';

const home = useTemporaryHome();

/** Batches of 10 make an epoch of 6,000 steps: long enough to be met in its middle. */
const words = [
  ...['train', 'mnist-logit', '--epochs', '2', '--seed', '3', '--threads', '1', '--json'],
  ...['--set', 'recipe.batchSize=10', '--set', 'recipe.evaluateBatchSize=100', '--set', 'recipe.schedule.rate=0.004'],
];

/** The same training, never interrupted. */
let whole: Pick<Awaited<ReturnType<typeof trainToEnd>>, 'train' | 'test'> & { readonly weights: Buffer };
beforeAll(async () => {
  await home.make();
  const { run: runId, train, test } = await trainToEnd(...words);
  whole = { train, test, weights: await lastWeights(runId) };
  await home.remove();
});

function isInSecondEpoch(event: PrintedEvent): boolean {
  return event.event === 'step' && event.epoch === 2 && event.step > 500;
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
    const training = start(...words);
    const runId = await startedRun(training);
    await training.event(isInSecondEpoch);
    training.child.kill('SIGINT');
    const ended = await training.ended;
    expect(ended.code).toBe(130);
    const interrupted = printed(ended).find((event) => event.event === 'runInterrupted');
    const { last } = await checkpointIndex(runId);
    expect(last).toMatchObject({ epoch: 1 });
    expect(last.step).toBeGreaterThan(500);
    expect(interrupted).toMatchObject({ run: runId, epoch: 2, step: last.step });
    expect(await statusOf(runId)).toBe('interrupted');
    await expectSameAsUninterrupted(runId);
  });

  it('says to people how to go on', async () => {
    const training = start(...words.filter((word) => word !== '--json'));
    await new Promise((resolve) => training.child.stdout?.once('data', resolve));
    training.child.kill('SIGINT');
    const ended = await training.ended;
    expect(ended.code).toBe(130);
    expect(ended.stdout).toMatch(/torchwright resume mnist-logit-\d{8}-\d{6}-\w{3}/);
  });

  it('stops at once at the second Ctrl+C, and can still go on', async () => {
    // Nothing is saved within 300 seconds of an epoch, so stopping at once leaves the checkpoint of epoch 1.
    const training = start(...words);
    const runId = await startedRun(training);
    await training.event(isInSecondEpoch);
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
    const training = start(...words);
    const runId = await startedRun(training);
    await training.event(isInSecondEpoch);
    for (const pid of await processesOf(training)) process.kill(pid, 'SIGKILL');
    await training.ended;
    expect(await statusOf(runId)).toBe('interrupted');
    await expectSameAsUninterrupted(runId);
  });

  it('is saved by its engine when kill -9 takes only the command line', async () => {
    const training = start(...words);
    const runId = await startedRun(training);
    await training.event(isInSecondEpoch);
    training.child.kill('SIGKILL');
    await training.ended;
    // resume waits for the engine to save.
    await expectSameAsUninterrupted(runId);
  });

  it('is marked as failed, with what its engine last said, when the engine crashes', async () => {
    const training = start(...words);
    const runId = await startedRun(training);
    await training.event(isInSecondEpoch);
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
    const training = start(...words);
    const runId = await startedRun(training);
    const second = await run('resume', runId);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain('is being trained');
    training.child.kill('SIGINT');
    await training.ended;
  });
});

it('a finished run cannot be resumed', async () => {
  const { run: runId } = await trainToEnd('train', 'mnist-logit', '--epochs', '1', '--threads', '1');
  const again = await run('resume', runId);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('has finished all its 1 epochs');
});

it('a reader that goes away ends the training as Ctrl+C does', async () => {
  const training = start(...words);
  const runId = await startedRun(training);
  training.child.stdout?.destroy();
  expect((await training.ended).code).toBe(130);
  expect(await statusOf(runId)).toBe('interrupted');
});
