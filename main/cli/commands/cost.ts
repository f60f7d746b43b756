import type { Project } from '../../../core/project/project.ts';
import { epochTime } from '../../../core/training/cost.ts';
import { startMeasuringCost } from '../../training/start-measuring-cost.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { bytes, counted, duration } from '../format.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Output } from '../output.ts';

/** Trains a few steps and tells what the whole training will take. */
export async function showCost(
  output: Output,
  project: Project,
  machine: { readonly device: string; readonly threads?: number },
): Promise<ExitCode> {
  const engine = await startMeasuringCost({ project, ...machine });
  const release = onInterrupt({ first: () => engine.post({ type: 'stop' }), second: () => engine.kill() });
  try {
    const measured = await engine.result;
    const time = epochTime(measured);
    const { epochs } = project.recipe;
    if (output.isJson) {
      const { memoryBytes, stepsPerEpoch, deviceName } = measured;
      output.json({
        event: 'cost',
        time,
        epochs,
        totalSeconds: time && time.seconds * epochs,
        memoryBytes,
        stepsPerEpoch,
        deviceName,
      });
      return exitCodes.done;
    }
    if (time === null) output.line('time per epoch  unknown: no step was finished');
    else {
      const spread = `${duration(time.least)} to ${duration(time.most)} for 80 % of the steps`;
      output.line(
        `time per epoch  ${duration(time.seconds)} (measured: median of ${counted(time.steps, 'step')}; ${spread})`,
      );
      output.line(`total time      ${duration(time.seconds * epochs)} for ${counted(epochs, 'epoch')}`);
    }
    output.line(`memory          ${bytes(measured.memoryBytes)} (measured)`);
    output.line(`device          ${measured.deviceName}`);
    return exitCodes.done;
  } finally {
    release();
  }
}
