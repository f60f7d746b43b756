import type { MeasuredSteps } from '../../core/training/step-profile.ts';
import type { Addon } from '../engine/addon.ts';
import type { ProfileJob } from '../engine/messages.ts';

/** In the engine process: steps of the very training, and where their time goes. Nothing of them is kept. */
export async function profileSteps(job: ProfileJob, addon: Addon, stop: AbortSignal): Promise<MeasuredSteps> {
  const { plan, take, learningRate, discriminatorRate } = job;
  const session = await addon.createSession(JSON.stringify(plan));
  const interrupt = (): void => session.interrupt();
  stop.addEventListener('abort', interrupt);
  try {
    if (stop.aborted) session.interrupt();
    const { deviceName, threads, channelsLast } = session.describe();
    const { instructions, cpuCapability } = addon.versions();
    const times = await session.profile({ ...take, learningRate, discriminatorRate });
    const { precision } = plan.training;
    return { times, deviceName, threads, precision, channelsLast, instructions, cpuCapability };
  } finally {
    stop.removeEventListener('abort', interrupt);
    await session.close();
  }
}
