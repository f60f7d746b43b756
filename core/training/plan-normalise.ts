import { FailureError } from '../failure.ts';
import type { Normalise } from '../project/project.ts';
import type { PlanData } from './plan.ts';
import { counted } from '../format.ts';

/** What the samples are made of, and their mean and deviation where these are known: of bytes as fractions of 255. */
export interface InputValues {
  readonly kind: 'bytes' | 'floats';
  readonly statistics?: { readonly mean: readonly number[]; readonly std: readonly number[] };
  /** What was subtracted from each column before it was stored; absent: nothing. */
  readonly origins?: readonly number[];
}

const unchanged = { scale: 1, offset: 0 };

/**
 * As stored value · scale + offset per channel or column, or left to be computed; throws a FailureError for a wrong number of
 * channels.
 */
export function planNormalise(
  normalise: Normalise,
  channels: number,
  values: InputValues = { kind: 'bytes' },
): PlanData['normalise'] {
  const originOf = (channel: number): number => values.origins?.[channel] ?? 0;
  if (normalise.kind !== 'zscore') {
    const { scale, offset } = normalise.kind === 'none' ? unchanged : normalise;
    return {
      kind: 'affine',
      scale: new Array<number>(channels).fill(scale),
      offset: Array.from({ length: channels }, (_, channel) => offset + scale * originOf(channel)),
    };
  }
  const mean = normalise.mean ?? values.statistics?.mean;
  const std = normalise.std ?? values.statistics?.std.map(notZero);
  if (mean === undefined || std === undefined) return { kind: 'computed' };
  refuseWrongCount('mean', mean, channels);
  refuseWrongCount('std', std, channels);
  const unit = values.kind === 'bytes' ? 255 : 1;
  return {
    kind: 'affine',
    scale: std.map((deviation) => 1 / (unit * deviation)),
    offset: std.map((deviation, channel) => (originOf(channel) - mean[channel]!) / deviation),
  };
}

/** A channel that is the same everywhere becomes 0. */
function notZero(deviation: number): number {
  return deviation === 0 ? 1 : deviation;
}

function refuseWrongCount(name: 'mean' | 'std', figures: readonly number[], channels: number): void {
  if (figures.length === channels) return;
  const at = `data.normalise.${name}`;
  throw new FailureError({
    code: 'badProject',
    message: `${at} has ${counted(figures.length, 'value')}, but the samples have ${counted(channels, 'channel')}.`,
    at,
  });
}
