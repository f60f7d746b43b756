import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EpochFinished } from '../../core/training/events.ts';
import { holdTrainings, releaseTrainings } from '../step-gate.ts';
import { checkpointIndex, homeFolder, lastWeights, run, start, trainToEnd, useTemporaryHome } from './command.ts';
import type { Running } from './command.ts';

const home = useTemporaryHome();

/** Both averages change in the third epoch, the one that is broken off. A batch norm, so that its statistics count. */
const network = JSON.stringify({
  type: 'Sequential',
  children: [
    { type: 'Flatten' },
    { type: 'Linear', options: { out_features: 16 } },
    { type: 'BatchNorm1d' },
    { type: 'ReLU' },
    { type: 'Dropout', options: { p: 0.1 } },
    { type: 'Linear', options: { out_features: 10 } },
  ],
});
const kinds = {
  swa: '{"kind":"swa","fromEpoch":2}',
  ema: '{"kind":"ema","decay":0.99}',
  lookahead: '{"kind":"lookahead","every":7,"decay":0.5,"ramp":1}',
};

const stepsPerEpoch = 1200;

function words(averaging: string): readonly string[] {
  const settings = [`networks.main=${network}`, `recipe.averaging=${averaging}`, 'recipe.batchSize=50'];
  const common = ['--epochs', '3', '--seed', '3', '--threads', '1', '--json'];
  const set = [...settings, 'recipe.evaluateBatchSize=500', 'recipe.schedule.rate=0.02'];
  return ['train', 'mnist-logit', ...common, ...set.flatMap((setting) => ['--set', setting])];
}

async function averagedWeights(runId: string): Promise<Buffer> {
  const { last } = await checkpointIndex(runId);
  return readFile(path.join(homeFolder(), 'runs', runId, 'checkpoints', last.directory, 'averaged.safetensors'));
}

async function shownEpochs(runId: string): Promise<readonly EpochFinished[]> {
  const { stdout } = await run('runs', 'show', runId, '--json');
  return (JSON.parse(stdout) as { epochs: readonly EpochFinished[] }).epochs;
}

async function killAll(training: Running): Promise<void> {
  const pid = training.child.pid ?? 0;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  for (const each of [pid, ...children.trim().split(' ').map(Number)]) process.kill(each, 'SIGKILL');
  await training.ended;
}

describe.each(Object.entries(kinds))('a training with %s', (kind, averaging) => {
  let whole: Awaited<ReturnType<typeof trainToEnd>> & { readonly weights: readonly Buffer[] };
  beforeAll(async () => {
    await home.make();
    const finished = await trainToEnd(...words(averaging));
    whole = { ...finished, weights: [await lastWeights(finished.run), await averagedWeights(finished.run)] };
    await home.remove();
  });

  it('goes on to the same weights and the same average after kill -9', async () => {
    await holdTrainings(2 * stepsPerEpoch + 50);
    const training = start(...words(averaging));
    const begun = await training.event(({ event }) => event === 'runStarted');
    if (begun.event !== 'runStarted') throw new Error('not started');
    await training.event((event) => event.event === 'step' && event.epoch === 3 && event.step === 50);
    await killAll(training);
    await releaseTrainings();
    const resumed = await trainToEnd('resume', begun.run);
    expect(resumed.test).toEqual(whole.test);
    expect(resumed.averaged).toEqual(whole.averaged);
    expect([await lastWeights(begun.run), await averagedWeights(begun.run)]).toEqual(whole.weights);
    const epochs = await shownEpochs(begun.run);
    const firstAveraged = kind === 'swa' ? 2 : 1;
    expect(epochs.map(({ averaged }) => averaged !== undefined)).toEqual([1, 2, 3].map((n) => n >= firstAveraged));
  });
});

it('evaluate and mismatches judge either kind of weights, the better ones where none are chosen', async () => {
  const { run: runId, test, averaged } = await trainToEnd(...words(kinds.swa), '--set', 'recipe.batchSize=500');
  const evaluated = async (...choice: string[]): Promise<unknown> => {
    const { stdout } = await run('evaluate', runId, ...choice, '--json');
    const { weights, accuracy } = JSON.parse(stdout) as { weights: string; accuracy: number };
    return [weights, Math.round(accuracy * 10_000)];
  };
  const right = ({ accuracy }: { readonly accuracy?: number }): number => Math.round((accuracy ?? NaN) * 10_000);
  expect(right(averaged!)).not.toBe(right(test));
  expect(await evaluated('--weights', 'averaged')).toEqual(['averaged', right(averaged!)]);
  const better = right(averaged!) > right(test) ? 'averaged' : 'last';
  expect(await evaluated()).toEqual([better, Math.max(right(averaged!), right(test))]);
  expect(await evaluated('--weights', 'last')).toEqual(['last', right(test)]);
  const out = path.join(homeFolder(), 'mismatches.png');
  const { stdout } = await run('mismatches', runId, '--weights', 'last', '--out', out, '--json');
  expect((JSON.parse(stdout) as { mismatches: number }).mismatches).toBe(10_000 - right(test));
});

it('a run without an average says so when it is asked for', async () => {
  const { run: runId } = await trainToEnd('train', 'mnist-logit', '--epochs', '1', '--threads', '1');
  const asked = await run('evaluate', runId, '--weights', 'averaged');
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain('no averaged weights');
});
