import { failureOf } from '../failures.ts';
import { predictTestSet } from '../evaluation/predict.ts';
import { train } from '../training/training-loop.ts';
import { chooseDevice } from './choose-device.ts';
import { loadAddon } from './load-addon.ts';
import type { EngineJob, EngineResults, FromEngine, ToEngine } from './messages.ts';

/**
 * The process that loads the addon. It takes one job from its parent, reports, and ends. The keyboard's interrupt
 * reaches every process of a terminal: here it is ignored, the parent decides. Without a parent it saves and ends.
 */
const stop = new AbortController();

function start(): void {
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => stop.abort());
  process.on('SIGHUP', () => stop.abort());
  process.on('disconnect', () => stop.abort());
  process.on('message', (message: ToEngine) => {
    if (message.type === 'stop') stop.abort();
    else void answer(message.job);
  });
}

async function answer(job: EngineJob): Promise<void> {
  const message = await perform(job).then(
    (result): FromEngine => ({ type: 'result', result }),
    (error: unknown): FromEngine => ({ type: 'failed', failure: failureOf(error) ?? unexpected(error) }),
  );
  await post(message);
  if (process.connected) process.disconnect();
}

async function perform(job: EngineJob): Promise<EngineResults[EngineJob['kind']]> {
  const addon = loadAddon();
  switch (job.kind) {
    case 'inspect':
      return { versions: addon.versions(), devices: addon.devices() };
    case 'train': {
      const device = chooseDevice(job.device, addon.devices());
      void post({ type: 'versions', versions: addon.versions() });
      return train({ ...job, plan: { ...job.plan, device } }, addon, (report) => void post(report), stop.signal);
    }
    case 'predict': {
      const device = chooseDevice(job.device, addon.devices());
      return predictTestSet({ ...job, plan: { ...job.plan, device } }, addon, stop.signal);
    }
  }
}

/** Resolves when the parent has it; a parent that is gone needs nothing. */
function post(message: FromEngine): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}

/** A mistake of ours: the parent reports it as a crash, with this on stderr. */
function unexpected(error: unknown): never {
  console.error(error);
  process.exit(70);
}

start();
