import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import {
  checkpointIndex,
  lastWeights,
  printed,
  run,
  temporaryFolder,
  trainToEnd,
  useTemporaryHome,
} from './command.ts';

useTemporaryHome();

describe('training mnist-logit', () => {
  it('ends with what the network can do, and everything else agrees with it', async () => {
    const ended = await run('train', 'mnist-logit', '--epochs', '2', '--seed', '1', '--threads', '1', '--json');
    expect(ended.code).toBe(0);
    const events = printed(ended);
    const started = events.find((event) => event.event === 'runStarted');
    expect(started).toMatchObject({ parameters: 7850, trainSamples: 60000, testSamples: 10000, stepsPerEpoch: 600 });
    const finished = events.at(-1);
    if (finished?.event !== 'runFinished') throw new Error('not finished');
    expect(finished.epochs).toBe(2);
    expect(finished.test.accuracy).toBeGreaterThan(0.9);
    expect(finished.test.accuracy).toBeLessThan(1);

    const evaluated = JSON.parse((await run('evaluate', finished.run, '--json')).stdout) as {
      accuracy: number;
      loss: number;
      classes: { samples: number; right: number }[];
      confusions: { label: string; judged: string; count: number }[];
    };
    expect(evaluated.accuracy).toBeCloseTo(finished.test.accuracy!, 10);
    expect(evaluated.loss).toBeCloseTo(finished.test.loss, 5);
    expect(evaluated.classes.reduce((sum, { samples }) => sum + samples, 0)).toBe(10000);
    expect(evaluated.confusions).toHaveLength(10);

    const picture = path.join(temporaryFolder(), 'wrong.png');
    const drawn = JSON.parse((await run('mismatches', 'last', '--out', picture, '--json')).stdout) as {
      mismatches: number;
    };
    expect(drawn.mismatches).toBe(Math.round(10000 * (1 - finished.test.accuracy!)));
    expect(decode(await readFile(picture)).width).toBeGreaterThan(500);

    const shown = JSON.parse((await run('runs', 'show', 'mnist-logit', '--json')).stdout) as {
      status: string;
      epochs: { test: { accuracy: number } }[];
    };
    expect(shown.status).toBe('finished');
    expect(shown.epochs.at(-1)?.test.accuracy).toBe(finished.test.accuracy);
    const { best } = await checkpointIndex(finished.run);
    expect(best?.testAccuracy).toBe(Math.max(...shown.epochs.map(({ test }) => test.accuracy)));
  });

  it('agrees to the last bit for the same seed on one thread, and not for another', async () => {
    const words = ['train', 'mnist-logit', '--epochs', '1', '--threads', '1'];
    const first = await trainToEnd(...words, '--seed', '7');
    const second = await trainToEnd(...words, '--seed', '7');
    const other = await trainToEnd(...words, '--seed', '8');
    expect(second.test).toEqual(first.test);
    expect(await lastWeights(second.run)).toEqual(await lastWeights(first.run));
    expect(await lastWeights(other.run)).not.toEqual(await lastWeights(first.run));
  });

  it('a seed that was drawn is written down and gives the same network again', async () => {
    const drawn = await trainToEnd('train', 'mnist-logit', '--epochs', '1', '--threads', '1');
    const shown = JSON.parse((await run('runs', 'show', drawn.run, '--json')).stdout) as { seed: number };
    const again = await trainToEnd(
      ...['train', 'mnist-logit', '--epochs', '1', '--threads', '1', '--seed', String(shown.seed)],
    );
    expect(await lastWeights(again.run)).toEqual(await lastWeights(drawn.run));
  });

  it('prints a line an epoch for people', async () => {
    const ended = await run('train', 'mnist-logit', '--epochs', '2', '--threads', '1');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/\n +1\/2 +0\.04 +\d\.\d{4} +\d\.\d{4} +\d\d\.\d\d % /);
    expect(ended.stdout).toMatch(/\n +2\/2 /);
    expect(ended.stdout).not.toContain('\x1b');
  });
});

it('summary as JSON has every module and the totals', async () => {
  const ended = await run('summary', 'mnist-logit', '--json');
  expect(JSON.parse(ended.stdout)).toMatchObject({
    modules: [
      { type: 'Flatten', inputs: [[1, 28, 28]], outputs: [[784]], parameters: 0 },
      { path: 'networks.main.children[1]', type: 'Linear', outputs: [[10]], parameters: 7850, multiplyAdds: 7840 },
    ],
    totals: { parameters: 7850, trainable: 7850, multiplyAdds: 7840 },
  });
});

it('what the engine is given can be printed', async () => {
  const plan = JSON.parse((await run('plan', 'mnist-logit', '--set', 'recipe.batchSize=50')).stdout) as {
    training: { batchSize: number };
    device: string;
  };
  expect(plan.training.batchSize).toBe(50);
  expect(plan.device).toBe('cpu');
});
