import { FailureError } from '../failure.ts';
import type { Normalise } from '../project/project.ts';
import type { PlanData } from './plan.ts';

/** As pixel · scale + offset per channel, or left to be computed; throws a FailureError for a wrong number of channels. */
export function planNormalise(normalise: Normalise, channels: number): PlanData['normalise'] {
  if (normalise.kind === 'affine') {
    return {
      kind: 'affine',
      scale: new Array<number>(channels).fill(normalise.scale),
      offset: new Array<number>(channels).fill(normalise.offset),
    };
  }
  const { mean, std } = normalise;
  if (mean === undefined || std === undefined) return { kind: 'computed' };
  refuseWrongCount('mean', mean, channels);
  refuseWrongCount('std', std, channels);
  return {
    kind: 'affine',
    scale: std.map((deviation) => 1 / (255 * deviation)),
    offset: std.map((deviation, channel) => -mean[channel]! / deviation),
  };
}

function refuseWrongCount(name: 'mean' | 'std', figures: readonly number[], channels: number): void {
  if (figures.length === channels) return;
  const at = `data.normalise.${name}`;
  throw new FailureError({
    code: 'badProject',
    message: `${at} has ${figures.length} figures, the images have ${channels} channels.`,
    at,
  });
}
