import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Plan } from '../../../core/training/plan.ts';
import type { Project } from '../../../core/project/project.ts';
import type { Addon, EngineSession, TrainOutcome, TrainRequest } from '../../../main/engine/addon.ts';
import type { EnginePort } from '../../../main/engine/engine-host.ts';
import type { FromEngine, ComparePrecisionsJob } from '../../../main/engine/messages.ts';
import { comparePrecisions } from '../../../main/training/compare-precisions.ts';
import { knownPrecision, precisionFor } from '../../../main/training/precision-for.ts';
import { precisionKey } from '../../../main/training/remembered-precisions.ts';
import { smallDigits } from '../../small-digits.ts';

const open = { ...smallDigits, recipe: { ...smallDigits.recipe, precision: 'auto' } } as Project;
const plan = {
  ...{ network: { type: 'Layer' }, inputShape: [1], threads: 1, seed: 1, device: 'cpu' },
  data: { classes: 10, augment: {}, train: { format: 'arrays', inputs: 'one', targets: 'one' } },
  training: { precision: 'float32', batchSize: 10 },
} as unknown as Plan;
const job: ComparePrecisionsJob = {
  ...{ kind: 'comparePrecisions', plan, device: 'cpu', epochs: 1 },
  schedule: { type: 'Constant', rate: 0.1 },
};
const stepsPerEpoch = 7;

/** Sessions whose steps take nearly no time, and what became of them by their precision. */
function fakeAddon(instructions: readonly string[], ends: Partial<Record<string, TrainOutcome['state']>> = {}) {
  const steps: Record<string, number> = {};
  const closed: string[] = [];
  const addon = {
    versions: () => ({ instructions }),
    createSession: (text: string) => {
      const { precision } = (JSON.parse(text) as Plan).training;
      let step = 0;
      steps[precision] = 0;
      const session = {
        describe: () => ({ stepsPerEpoch }),
        train: ({ learningRates, maxSteps = Infinity }: TrainRequest) => {
          const before = step;
          step = Math.min(learningRates.length, step + maxSteps);
          steps[precision]! += step - before;
          const isFinished = step === learningRates.length;
          const outcome = { state: ends[precision] ?? (isFinished ? 'finished' : 'paused'), step };
          if (isFinished) step = 0;
          return Promise.resolve(outcome as TrainOutcome);
        },
        interrupt: () => undefined,
        close: () => Promise.resolve(void closed.push(precision)),
      };
      return Promise.resolve(session as Partial<EngineSession> as EngineSession);
    },
  };
  return { addon: addon as Partial<Addon> as Addon, steps, closed };
}

const never = new AbortController().signal;

it('both precisions take steps, over the ends of epochs, and are closed', async () => {
  const { addon, steps, closed } = fakeAddon(['avx512_bf16']);
  const compared = await comparePrecisions(job, addon, never);
  if (compared.kind !== 'measured') throw new Error(compared.kind);
  for (const seconds of Object.values(compared.stepSeconds)) {
    expect(Number.isFinite(seconds)).toBe(true);
    expect(seconds).toBeGreaterThan(0);
  }
  for (const taken of Object.values(steps)) expect(taken).toBeGreaterThan(stepsPerEpoch);
  expect(Object.keys(steps)).toEqual(['float32', 'bfloat16']);
  expect(closed.toSorted()).toEqual(['bfloat16', 'float32']);
});

it('a processor without instructions for bfloat16 trains nothing, a GPU is asked by its steps', async () => {
  const { addon, steps } = fakeAddon(['avx2']);
  expect(await comparePrecisions(job, addon, never)).toEqual({ kind: 'noInstructions' });
  expect(steps).toEqual({});
  const onGpu = { ...job, plan: { ...plan, device: 'cuda:0' } };
  expect(await comparePrecisions(onGpu, addon, never)).toMatchObject({ kind: 'measured' });
});

it.each(['diverged', 'interrupted'] as const)('steps in bfloat16 that end as %s are no measurement', async (state) => {
  const { addon, closed } = fakeAddon(['avx512_bf16'], { bfloat16: state });
  expect(await comparePrecisions(job, addon, never)).toMatchObject({ kind: 'failed' });
  expect(closed).toHaveLength(2);
});

/** Answers, or ends without an answer. */
function engine(answer: FromEngine | null): EnginePort {
  let listen: (message: FromEngine) => void = () => undefined;
  let exit: (signal: string | null) => void = () => undefined;
  return {
    pid: Promise.resolve(1),
    post: ({ type }) => {
      if (type === 'job') queueMicrotask(() => (answer === null ? exit('SIGKILL') : listen(answer)));
      if (type === 'end') exit(null);
    },
    onMessage: (listener) => (listen = listener),
    onExit: (listener) => (exit = (signal) => listener({ code: 0, signal, complaint: '' })),
    kill: () => exit('SIGKILL'),
  };
}

const stepSeconds = { float32: 0.03, bfloat16: 0.01 };
const measured = (): EnginePort => engine({ type: 'result', result: { kind: 'measured', stepSeconds } });
const noEngine = (): EnginePort => {
  throw new Error('nothing is measured');
};

let home: string;
const before = process.env['TORCHWRIGHT_HOME'];
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  process.env['TORCHWRIGHT_HOME'] = home;
});
afterEach(async () => {
  if (before === undefined) delete process.env['TORCHWRIGHT_HOME'];
  else process.env['TORCHWRIGHT_HOME'] = before;
  await rm(home, { recursive: true });
});

it('what was measured is remembered for the network, its batches, the threads and the device', async () => {
  expect(await knownPrecision(open, plan, 'cpu')).toBeNull();
  const decision = await precisionFor(open, plan, { device: 'cpu', openEngine: measured });
  expect(decision).toMatchObject({ precision: 'bfloat16', stepSeconds });
  const again = (more: object) => knownPrecision(open, { ...plan, ...more }, 'cpu');
  expect(await precisionFor(open, plan, { device: 'cpu', openEngine: noEngine })).toEqual(decision);
  expect(await again({ seed: 7, data: { ...plan.data, train: plan.data.test } })).toEqual(decision);
  expect(await again({ training: { ...plan.training, precision: 'bfloat16' } })).toEqual(decision);
  expect(await again({ threads: 2 })).toBeNull();
  expect(await again({ training: { ...plan.training, batchSize: 20 } })).toBeNull();
  expect(await again({ network: { type: 'Sequential', children: [] } })).toBeNull();
  expect(await knownPrecision(open, plan, 'cuda')).toBeNull();
});

it('a recipe that says what it computes in, and one that bfloat16 does not suit, start no engine', async () => {
  expect(await precisionFor(smallDigits, plan, { device: 'cpu', openEngine: noEngine })).toBeNull();
  const lbfgs = { ...open, recipe: { ...open.recipe, optimizer: { type: 'LBFGS' } } } as Project;
  expect(await precisionFor(lbfgs, plan, { device: 'cpu', openEngine: noEngine })).toMatchObject({
    precision: 'float32',
  });
});

it.each([
  ['an engine that dies', null],
  ['an engine that refuses', { type: 'failed', failure: { code: 'noDevice', message: 'No such device.' } }],
  ['steps that fail', { type: 'result', result: { kind: 'failed', message: 'Infinite.' } }],
] as const)('%s decides float32, and is not remembered', async (_, answer) => {
  const decision = await precisionFor(open, plan, { device: 'cpu', openEngine: () => engine(answer) });
  expect(decision).toMatchObject({ precision: 'float32', stepSeconds: null });
  expect(await knownPrecision(open, plan, 'cpu')).toBeNull();
  expect(await precisionFor(open, plan, { device: 'cpu', openEngine: measured })).toMatchObject({
    precision: 'bfloat16',
  });
});

it('the newest 200 are kept', async () => {
  const ofThreads = (threads: number): Plan => ({ ...plan, threads });
  for (let threads = 1; threads <= 203; threads++)
    await precisionFor(open, ofThreads(threads), { device: 'cpu', openEngine: measured });
  const { decisions } = JSON.parse(await readFile(path.join(home, 'precisions.json'), 'utf8')) as {
    readonly decisions: Readonly<Record<string, object>>;
  };
  expect(Object.keys(decisions)).toHaveLength(200);
  expect(decisions[await precisionKey(ofThreads(3), 'cpu')]).toBeUndefined();
  expect(decisions[await precisionKey(ofThreads(4), 'cpu')]).toBeDefined();
});
