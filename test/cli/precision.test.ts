import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { speedupOf, leastSpeedup } from '../../core/training/decide-precision.ts';
import { decisionOf } from '../../core/training/explain-choices.ts';
import type { Choice } from '../../core/training/explain-choices.ts';
import type { NetworkNode } from '../../core/network/tree.ts';
import type { Precision, Project } from '../../core/project/project.ts';
import { homeFolder, lastWeights, printed, run, temporaryFolder, trainToEnd, useTemporaryHome } from './command.ts';

useTemporaryHome();

const linear = (outputs: number): NetworkNode => ({ type: 'Linear', options: { out_features: outputs } });

/** Steps of milliseconds in which nearly everything is one product of matrices. */
async function writeProject(precision: Precision | 'auto'): Promise<string> {
  const children: readonly NetworkNode[] = [linear(1024), { type: 'ReLU' }, linear(1024), { type: 'ReLU' }, linear(3)];
  const project: Project = {
    format: 'torchwright-project',
    version: 1,
    name: 'wide',
    networks: { main: { type: 'Sequential', children } },
    data: { source: 'spirals', normalise: { kind: 'affine', scale: 1, offset: 0 } },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy' },
      optimizer: { type: 'SGD' },
      schedule: { type: 'Constant', rate: 0.1 },
      batchSize: 300,
      epochs: 4,
      seed: 1,
      precision,
    },
  };
  const file = path.join(temporaryFolder(), `${precision}.json`);
  await writeFile(file, JSON.stringify(project));
  return file;
}

const train = async (precision: Precision | 'auto'): Promise<string> =>
  (await trainToEnd('train', await writeProject(precision), '--threads', '1')).run;

async function ofRun<Content>(id: string, file: string): Promise<Content> {
  return JSON.parse(await readFile(path.join(homeFolder(), 'runs', id, file), 'utf8')) as Content;
}

async function precisionOf(id: string): Promise<string | undefined> {
  const { recipe } = await ofRun<Project>(id, 'project.json');
  return recipe.kind === 'supervised' ? recipe.precision : undefined;
}

const choicesOf = async (id: string): Promise<readonly Choice[]> =>
  (await ofRun<{ readonly choices: readonly Choice[] }>(id, 'run.json')).choices;

const decided = async (id: string) => decisionOf(await choicesOf(id))!;

it('a run measures once what it computes in, keeps that, and trains as if it had been written out', async () => {
  const first = await train('auto');
  const decision = await decided(first);
  const { precision, stepSeconds } = decision;
  const isFaster = stepSeconds !== null && speedupOf(stepSeconds) >= leastSpeedup;
  expect(precision).toBe(isFaster ? 'bfloat16' : 'float32');
  expect(await precisionOf(first)).toBe(precision);
  expect(decision.reason).not.toBe('');

  const written = await train(precision);
  expect(await lastWeights(written)).toEqual(await lastWeights(first));
  expect(decisionOf(await choicesOf(written))).toBeNull();

  // Two measurements never take the same time to the nanosecond.
  expect(await decided(await train('auto'))).toEqual(decision);

  const further = printed(await run('resume', first, '--epochs', '6', '--json'));
  expect(further.find(({ event }) => event === 'precisionDecided')).toMatchObject({ run: first, ...decision });
  expect(further.at(-1)).toMatchObject({ event: 'runFinished', epochs: 6 });
  expect(await precisionOf(first)).toBe(precision);
  expect(await decided(first)).toEqual(decision);
  const evaluated = JSON.parse((await run('evaluate', first, '--weights', 'last', '--json')).stdout) as {
    loss: number;
  };
  const finished = further.at(-1);
  if (finished?.event !== 'runFinished') throw new Error('not finished');
  expect(evaluated.loss).toBeCloseTo(finished.test.loss, 6);
});

it('what is remembered is taken as it is, and measured anew where the file cannot be read', async () => {
  const file = path.join(homeFolder(), 'precisions.json');
  await train('auto');
  const text = await readFile(file, 'utf8');
  const remembered = JSON.parse(text) as { readonly decisions: Readonly<Record<string, object>> };
  const [key] = Object.keys(remembered.decisions);
  const made = { precision: 'bfloat16', reason: 'Of a test.', stepSeconds: { float32: 3, bfloat16: 1 } };
  await writeFile(file, JSON.stringify({ ...remembered, decisions: { [key!]: made } }));
  const second = await train('auto');
  expect(await decided(second)).toEqual(made);
  expect(await precisionOf(second)).toBe('bfloat16');
  expect(await lastWeights(await train('bfloat16'))).toEqual(await lastWeights(second));
  expect(await lastWeights(await train('float32'))).not.toEqual(await lastWeights(second));

  await writeFile(file, text.slice(0, -20));
  expect((await decided(await train('auto'))).reason).not.toBe(made.reason);
  expect(Object.keys((JSON.parse(await readFile(file, 'utf8')) as typeof remembered).decisions)).toEqual([key]);
});

it('one line says what was decided', async () => {
  const ended = await run('train', await writeProject('auto'), '--threads', '1', '--explain');
  expect(ended.stdout).toMatch(/^Computes in (float32|bfloat16), chosen automatically\. \S/m);
  expect(ended.stdout).toMatch(/^Precision +(float32|bfloat16) +\S/m);
  const [id] = ended.stdout.split('\n');
  expect(ended.stdout).toContain((await decided(id!)).reason);
});
