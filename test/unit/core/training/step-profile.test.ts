import { expect, it } from 'vitest';
import { factsOf } from '../../../../core/network/facts.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import { emptyProject } from '../../../../core/project/empty-project.ts';
import type { Project } from '../../../../core/project/project.ts';
import { stepProfile } from '../../../../core/training/step-profile.ts';
import type { MeasuredSteps, StepTimes } from '../../../../core/training/step-profile.ts';

const linear = (size: number): NetworkNode => ({ type: 'Linear', options: { out_features: size } });

/** Linear; Residual with a Block of Linear and ReLU; two copies of Linear; nine more Linears, one of whose addresses begins another's. */
const project: Project = {
  ...emptyProject,
  blocks: {
    Pair: { parameters: [], body: { type: 'Sequential', children: [linear(8), { type: 'ReLU' }] } },
    Sum: { parameters: [], body: { type: 'Residual', body: linear(8) } },
  },
  networks: {
    main: {
      type: 'Sequential',
      children: [
        { ...linear(8), name: 'stem' },
        { type: 'Residual', body: { type: 'Block', block: 'Pair', arguments: {} } },
        { type: 'Repeat', count: 2, body: linear(8) },
        { type: 'Block', block: 'Sum', arguments: {} },
        ...Array.from({ length: 8 }, () => linear(8)),
      ],
    },
  },
};
const facts = new Map([['main', factsOf(project.networks.main, project.blocks!, [[4]])] as const]);
const machine = {
  ...{ deviceName: 'a processor', threads: 2, precision: 'float32' as const, channelsLast: false },
  ...{ instructions: [], cpuCapability: 'AVX2' },
} as const;

function row(name: string, seconds: readonly number[], isPart = false): StepTimes['rows'][number] {
  const forward = Float64Array.from(seconds);
  return {
    name,
    isPart,
    forward,
    backward: forward.map((value) => 2 * value),
    outputBytes: isPart ? 0 : 100,
    kernels: [],
  };
}

function measured(rows: StepTimes['rows'], steps: number): MeasuredSteps {
  const whole = Float64Array.from({ length: steps }, (_, step) =>
    rows.reduce((sum, { forward, backward }) => sum + forward[step]! + backward[step]!, 0),
  );
  return { times: { rows, profiledSeconds: whole, plainSeconds: whole, state: 'finished' }, ...machine };
}

const root = 'networks.main';
const inPair = `${root}.children[1].body/blocks.Pair.body`;
const rows = [
  row('other', [0.5], true),
  row('loss', [0.25], true),
  row(`${root}.children[0]`, [1]),
  row(`${root}.children[1]`, [0.125]),
  row(`${inPair}.children[0]`, [2]),
  row(`${inPair}.children[1]`, [4]),
  row(`${root}.children[2].body`, [8]),
  row(`${root}.children[3]/blocks.Sum.body`, [16]),
  row(`${root}.children[3]/blocks.Sum.body.body`, [32]),
  row(`${root}.children[11]`, [64]),
];

it('containers have the sums of what they hold, and modules and parts add up to the step', () => {
  const profile = stepProfile(project, facts, measured(rows, 1))!;
  const told = profile.modules.map(({ depth, name, forward, own }) => [depth, name, forward, own?.forward ?? null]);
  expect(told.slice(0, 12)).toEqual([
    [0, 'Network', 127.125, 0],
    [1, 'Linear stem', 1, null],
    [1, 'Residual 1', 6.125, 0.125],
    [2, 'body', 6, 0],
    [3, 'Linear 0', 2, null],
    [3, 'ReLU 1', 4, null],
    [1, 'Repeat 2', 8, 0],
    [2, 'body', 8, null],
    [1, 'Sum 3', 48, 0],
    // The body of a Block that is no Sequential is a module of its own.
    [2, 'Residual', 48, 16],
    [3, 'body', 32, null],
    [1, 'Linear 4', 0, null],
  ]);
  expect(profile.modules.at(-1)).toMatchObject({ name: 'Linear 11', forward: 64, backward: 128 });
  expect(profile.modules[0]).toMatchObject({ activations: 800 });
  expect(profile.modules[2]).toMatchObject({ backward: 12.25, activations: 300 });
  // A weight of 4 × 8 and a bias of 8; two copies of 8 × 8 and 8.
  expect(profile.modules[1]!.parameters).toBe(40 * 4);
  expect(profile.modules[6]!.parameters).toBe(2 * 72 * 4);
  expect(profile.parts.map(({ part, forward }) => [part, forward])).toEqual([
    ['loss', 0.25],
    ['other', 0.5],
  ]);
  const all = [profile.modules[0]!, ...profile.parts].reduce(
    (sum, { forward, backward }) => sum + forward + backward,
    0,
  );
  expect(all).toBeCloseTo(profile.seconds, 12);
});

it('of several steps the middle half counts, the same of every row', () => {
  const uneven = [row('other', [9, 1, 1, 1, 0, 2, 1, 3], true), row(`${root}.children[0]`, [9, 0, 1, 2, 0, 1, 0, 3])];
  const profile = stepProfile(project, facts, measured(uneven, 8))!;
  // By length: steps 4, 1, 6 and 2 | 3, 5, 7, 0; of the middle 6, 2, 3 and 5.
  expect(profile.parts).toEqual([{ part: 'other', forward: 1.25, backward: 2.5 }]);
  expect(profile.modules[1]).toMatchObject({ forward: 1, backward: 2 });
  expect(profile.seconds).toBe(3 * 2.25);
  expect(profile.steps).toBe(8);
});

it('without a step there is no profile', () => {
  expect(stepProfile(project, facts, measured([], 0))).toBeNull();
});
