import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { SequentialNode } from '../../core/network/tree.ts';
import type { Project } from '../../core/project/project.ts';
import { recipesFolder } from '../../main/paths.ts';
import { holdTrainings, releaseTrainings } from '../step-gate.ts';
import { printed, run, start, temporaryFolder, trainToEnd, useTemporaryHome } from './command.ts';

useTemporaryHome();

/** Sees to the same small training everywhere. */
const quickly = ['--seed', '1', '--threads', '1', '--set', 'recipe.batchSize=600', '--json'] as const;

/** mnist-linear with its first Linear frozen, and another layer after it. */
async function writeVariant(): Promise<string> {
  const text = await readFile(path.join(recipesFolder, 'mnist-linear.json'), 'utf8');
  const { networks, ...rest } = JSON.parse(text) as Project;
  const [flatten, first, relu, last] = (networks.main as SequentialNode).children;
  const dropout = { type: 'Dropout', options: { p: 0.1 } };
  const children = [flatten, { ...first, frozen: true }, relu, dropout, last];
  const file = path.join(temporaryFolder(), 'variant.json');
  await writeFile(file, JSON.stringify({ ...rest, networks: { main: { type: 'Sequential', children } } }));
  return file;
}

it('a run begins with the weights of another, says which, and keeps them when that one is deleted', async () => {
  const source = await trainToEnd('train', 'mnist-linear', '--epochs', '1', ...quickly.slice(0, -1));
  const variant = await writeVariant();
  const ended = await run('train', variant, '--epochs', '1', '--from', source.run, ...quickly);
  expect(ended.stderr).toBe('');
  const events = printed(ended);
  const taken = events.find((event) => event.event === 'weightsTaken');
  expect(taken).toMatchObject({
    from: { run: source.run, epoch: 1 },
    matched: ['1.weight', '1.bias'],
    missing: ['4.weight', '4.bias'],
    otherShape: [],
    unused: ['3.bias', '3.weight'],
  });
  const last = events.at(-1);
  if (last?.event !== 'runFinished') throw new Error('not finished');
  expect(last.test.accuracy).toBeGreaterThan(0.8);

  expect((await run('runs', 'delete', source.run)).code).toBe(0);
  const shown = JSON.parse((await run('runs', 'show', last.run, '--json')).stdout) as {
    initialWeights: { from: { run: string }; report: { matched: string[] } };
  };
  expect(shown.initialWeights).toMatchObject({
    from: { run: source.run },
    report: { matched: ['1.weight', '1.bias'] },
  });
  expect((await run('runs', 'show', last.run)).stdout).toMatch(/2 of 4 tensors have the same name and shape/);
});

it('frozen modules without weights are refused, and trained where that is asked for', async () => {
  const variant = await writeVariant();
  const refused = await run('train', variant, '--epochs', '1', ...quickly);
  expect(refused.code).toBe(2);
  expect(refused.stdout + refused.stderr).toMatch(/networks\.main\.children\[1\]/);
  expect((await run('runs', '--json')).stdout).toBe('');
  const ended = await run('train', variant, '--epochs', '1', '--allow-fresh-frozen', ...quickly);
  expect(ended.code).toBe(0);
});

it('weights that fit nowhere are refused, and no run is left behind', async () => {
  const source = await trainToEnd('train', 'mnist-logit', '--epochs', '1', ...quickly.slice(0, -1));
  const ended = await run('train', 'mnist-conv', '--epochs', '1', '--from', source.run, ...quickly);
  expect(ended.code).toBe(2);
  expect(ended.stdout + ended.stderr).toMatch(/the run mnist-logit\S* .*by name and shape/);
  expect((await run('runs', '--json')).stdout.trim().split('\n')).toHaveLength(1);
});

const early = ['--set', 'recipe.earlyStopping={"metric":"testAccuracy","patience":2,"minimumChange":0.5}'];

it('stops early, keeps the best, and ends as finished', async () => {
  const ended = await run('train', 'mnist-logit', '--epochs', '9', ...early, ...quickly);
  expect(ended.code).toBe(0);
  const events = printed(ended);
  expect(events.find((event) => event.event === 'stoppedEarly')).toMatchObject({ epoch: 3, best: { epoch: 1 } });
  const last = events.at(-1);
  if (last?.event !== 'runFinished') throw new Error('not finished');
  expect(last.epochs).toBe(3);
  const shown = JSON.parse((await run('runs', 'show', last.run, '--json')).stdout) as object;
  expect(shown).toMatchObject({ status: 'finished', epochsDone: 3, checkpoints: { best: { epoch: 1 } } });
  expect((await run('runs', 'show', last.run)).stdout).toContain('stopped early after 3 of 9 epochs');
});

it('a resumed run counts the epochs before its interruption', async () => {
  // Somewhere in the second epoch.
  await holdTrainings(130);
  const training = start('train', 'mnist-logit', '--epochs', '9', ...early, ...quickly);
  const first = await training.event(({ event }) => event === 'epochFinished');
  if (first.event !== 'epochFinished') throw new Error('no epoch');
  training.child.kill('SIGINT');
  await training.ended;
  await releaseTrainings();
  const events = printed(await run('resume', first.run, '--json'));
  expect(events.find((event) => event.event === 'stoppedEarly')).toMatchObject({ epoch: 3, best: { epoch: 1 } });
});

it('evaluates with test-time augmentation, and says where there is none to do', async () => {
  const cropped = ['--set', 'data.augment={"crop":{"padding":2}}'];
  const trained = await trainToEnd('train', 'mnist-logit', '--epochs', '1', ...cropped, ...quickly.slice(0, -1));
  const evaluated = JSON.parse((await run('evaluate', trained.run, '--augment', '5', '--json')).stdout) as {
    accuracy: number;
    loss: number;
    augmented: Record<'plain' | 'averaged', { accuracy: number; logLoss: number }> & { views: number };
  };
  const { plain, averaged, views } = evaluated.augmented;
  expect(views).toBe(5);
  expect(plain.accuracy).toBe(evaluated.accuracy);
  // The recipe's loss is the cross entropy, whose mean the log loss is.
  expect(plain.logLoss).toBeCloseTo(evaluated.loss, 4);
  expect(averaged.logLoss).not.toBeCloseTo(plain.logLoss, 3);
  expect((await run('evaluate', trained.run, '--augment')).stdout).toMatch(/averaged over 9 views of each image/);

  const bare = await trainToEnd('train', 'mnist-logit', '--epochs', '1', ...quickly.slice(0, -1));
  const refused = await run('evaluate', bare.run, '--augment');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/neither crops nor flips/);
});
