import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Handlers } from '../../../core/contract/contract.ts';
import { FailureError } from '../../../core/failure.ts';
import type { Failure } from '../../../core/failure.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { RunIndex } from '../../../main/runs/run-index.ts';
import { createRun } from '../../../main/runs/runs.ts';
import { nameModulesOfRuns } from '../../../main/workbench/name-modules.ts';
import { runCalls } from '../../../main/workbench/run-calls.ts';
import { smallDigits } from '../../small-digits.ts';

const failure: Failure = {
  code: 'badNetwork',
  message: 'networks.main.children[3] (Linear): takes whole numbers from 0 to 19, gets 25',
  at: 'networks.main.children[3]',
  advice: 'Replace Linear at networks.main.children[3].',
};
const named: Failure = {
  ...failure,
  message: 'Linear 3: takes whole numbers from 0 to 19, gets 25',
  advice: 'Replace Linear 3.',
};

const refuse = (): never => {
  throw new FailureError(failure);
};
const calls = { 'look.row': refuse, 'samples.make': refuse, 'data.get': refuse } as unknown as Handlers;
const { 'look.row': row, 'samples.make': make, 'data.get': get } = nameModulesOfRuns(calls);

let index: RunIndex;
let run: string;

beforeAll(async () => {
  index = await RunIndex.open();
  const { name: project, recipe } = smallDigits;
  const settings = { project, seed: 1, epochs: recipe.epochs, threads: 1, device: 'cpu' };
  run = await createRun(index, { ...settings, projectText: serialiseProject(smallDigits) });
});
afterAll(() => index.close());

async function failureIn(work: unknown): Promise<Failure> {
  const error = await Promise.resolve(work).catch((thrown: unknown) => thrown);
  if (!(error instanceof FailureError)) throw new Error('was not refused');
  return error.failure;
}

it('what goes wrong with a run names its modules as the canvas does, and keeps the address', async () => {
  expect(await failureIn(row({ of: { run, checkpoint: 'best' }, cells: [] }))).toEqual(named);
  expect(await failureIn(make({ run, wish: { seed: 1, count: 1 } }))).toEqual(named);
});

it('what is of no run, or of one whose project is gone, stays as it is', async () => {
  expect(await failureIn(get({ name: 'mnist' }))).toEqual(failure);
  expect(await failureIn(row({ of: { run: 'gone-1', checkpoint: 'best' }, cells: [] }))).toEqual(failure);
});

it('so does why a run failed, among its facts', async () => {
  index.ended(run, 'failed', { failure });
  const { 'runs.get': read } = runCalls(index, {} as never, {} as never);
  expect((await read({ run })).failure).toEqual(named);
});
