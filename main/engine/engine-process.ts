import type { LookQuestion } from '../../core/contract/look.ts';
import { augmentImages } from '../datasets/inspect/augment-images.ts';
import type { AugmentQuestion } from '../datasets/inspect/augment-images.ts';
import { findAlike } from '../datasets/inspect/find-alike.ts';
import { inspectDataset } from '../datasets/inspect/inspect-dataset.ts';
import { tenASecond } from '../datasets/progress.ts';
import { lookInside } from '../evaluation/look-inside.ts';
import { predictSplit } from '../evaluation/predict.ts';
import { exportNetworks, traceNetwork, writeScript } from '../exports/in-engine.ts';
import { failureOf } from '../failures.ts';
import { makeSamples } from '../generation/make-samples.ts';
import { comparePrecisions } from '../training/compare-precisions.ts';
import { findRate } from '../training/find-rate.ts';
import { measureCost } from '../training/measure-cost.ts';
import { profileSteps } from '../training/profile-steps.ts';
import { takeFirstStep } from '../training/first-step.ts';
import { TrainingControl } from '../training/training-control.ts';
import { train } from '../training/training-loop.ts';
import { reportUnexpected } from '../unexpected-error.ts';
import { chooseDevice } from './choose-device.ts';
import { loadAddon } from './load-addon.ts';
import type { EngineJob, EngineResults, FromEngine, ToEngine } from './messages.ts';
import { openParentPort } from './parent-port.ts';
import { Questions } from './questions.ts';

/**
 * The process that loads the addon. It takes one job from its parent, reports, and ends. The keyboard's interrupt
 * reaches every process of a terminal: here it is ignored, the parent decides. Without a parent it saves and ends.
 */
const stop = new AbortController();
const control = new TrainingControl(stop.signal);
const looks = new Questions<LookQuestion>();
const augments = new Questions<AugmentQuestion>();
const parent = openParentPort();

/** Jobs that save nothing and know no `stop`; some take minutes. Without a parent nobody waits for their answer. */
const answering: ReadonlySet<EngineJob['kind']> = new Set(['inspectData', 'findAlike', 'trace', 'script', 'firstStep']);

/** Milliseconds between two signs of life. */
const aliveEvery = 2000;

function start(): void {
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => stop.abort());
  process.on('SIGHUP', () => stop.abort());
  parent.onLost(() => stop.abort());
  parent.onMessage(take);
}

function take(message: ToEngine): void {
  switch (message.type) {
    case 'job':
      void answer(message.job);
      return;
    case 'stop':
      stop.abort();
      return;
    case 'pause':
      control.pause();
      return;
    case 'continue':
      control.continue(message.changes);
      return;
    case 'watchMismatches':
      control.mismatchesWanted = message.limit;
      return;
    case 'ask':
      if (message.question.kind === 'augment') augments.add({ id: message.id, question: message.question });
      else looks.add({ id: message.id, question: message.question });
      return;
    case 'end':
      parent.close();
  }
}

async function answer(job: EngineJob): Promise<void> {
  const heart = setInterval(() => void parent.post({ type: 'alive' }), aliveEvery);
  const message = await perform(job).then(
    (result): FromEngine => ({ type: 'result', result }),
    async (error: unknown): Promise<FromEngine> => ({
      type: 'failed',
      failure: failureOf(error) ?? (await unexpected(error)),
    }),
  );
  clearInterval(heart);
  await parent.post(message);
}

async function perform(job: EngineJob): Promise<EngineResults[EngineJob['kind']]> {
  const tell = tenASecond((progress) => void parent.post({ type: 'dataProgress', progress }));
  if (answering.has(job.kind)) parent.onLost(() => process.exit(0));
  if (job.kind === 'inspectData') return inspectDataset(job.files, tell);
  if (job.kind === 'findAlike') return findAlike(job.files, tell);
  // A single picture gains nothing from more threads, which at a low priority wait for each other. Read as libtorch loads.
  if (job.kind === 'look' || job.kind === 'augment') process.env['OMP_NUM_THREADS'] = '1';
  const addon = loadAddon();
  if (job.kind === 'inspect') return { versions: addon.versions(), devices: addon.devices() };
  if (job.kind === 'augment') {
    return augmentImages(addon, augments, stop.signal, (report) => void parent.post(report));
  }
  if (job.kind === 'trace') return traceNetwork(job, addon);
  if (job.kind === 'script') return writeScript(job, addon);
  const plan = { ...job.plan, device: chooseDevice(job.device, addon.devices()) };
  switch (job.kind) {
    case 'train':
      void parent.post({ type: 'versions', versions: addon.versions() });
      return train({ ...job, plan }, addon, (report) => void parent.post(report), control);
    case 'firstStep':
      return takeFirstStep({ ...job, plan }, addon);
    case 'measureCost':
      return measureCost({ ...job, plan }, addon, stop.signal);
    case 'comparePrecisions':
      return comparePrecisions({ ...job, plan }, addon, stop.signal);
    case 'profile':
      return profileSteps({ ...job, plan }, addon, stop.signal);
    case 'findRate':
      return findRate({ ...job, plan }, addon, stop.signal, (report) => void parent.post(report));
    case 'export':
      return exportNetworks({ ...job, plan }, addon, stop.signal);
    case 'predict':
      return predictSplit({ ...job, plan }, addon, stop.signal);
    case 'look':
      return lookInside({ ...job, plan }, addon, looks, stop.signal, (report) => void parent.post(report));
    case 'samples':
      return makeSamples({ ...job, plan }, addon, stop.signal);
  }
}

/** A mistake in Torchwright: the parent reports it as a crash, with this sentence of stderr. */
async function unexpected(error: unknown): Promise<never> {
  await reportUnexpected(error);
  process.exit(70);
}

start();
