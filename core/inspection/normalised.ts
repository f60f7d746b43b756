import type { DatasetInspection } from '../contract/inspection.ts';
import type { Normalise } from '../project/project.ts';
import { planNormalise } from '../training/plan-normalise.ts';

/** What a normalisation makes of the training samples of one channel or column. */
export interface NormalisedChannel {
  /** value · scale + offset, where a pixel is 0…255. */
  readonly scale: number;
  readonly offset: number;
  readonly mean: number;
  readonly std: number;
  readonly least: number;
  readonly most: number;
}

/** Of a deviation of 1: from here on figures are said to differ. */
const noticed = 0.02;

/** Throws a FailureError where the normalisation has another number of channels than the data. */
export function normalisedChannels(
  normalise: Normalise,
  { inputShape, values, statistics, range }: Pick<DatasetInspection, 'inputShape' | 'values' | 'statistics' | 'range'>,
): readonly NormalisedChannel[] {
  const channels = inputShape[0] ?? 1;
  const planned = planNormalise(normalise, channels, { kind: values, statistics });
  if (planned.kind === 'computed') throw new Error('the statistics are known');
  const unit = values === 'bytes' ? 255 : 1;
  return planned.scale.map((scale, channel) => {
    const offset = planned.offset[channel]!;
    const of = (value: number): number => value * unit * scale + offset;
    const [one, other] = [of(range.least[channel]!), of(range.most[channel]!)];
    return {
      ...{ scale, offset },
      mean: of(statistics.mean[channel]!),
      std: statistics.std[channel]! * unit * Math.abs(scale),
      least: Math.min(one, other),
      most: Math.max(one, other),
    };
  });
}

/** Whether mean and deviation are those that were measured, or what else is done: one sentence. */
export function normalisationInWords(normalise: Normalise, channels: readonly NormalisedChannel[]): string {
  if (normalise.kind === 'none')
    return 'The project does not scale the samples: the network receives them as they are.';
  if (normalise.kind === 'affine') {
    return (
      'The project scales all channels equally and does not use these statistics. ' +
      'The columns on the right show what the network receives.'
    );
  }
  if (normalise.mean === undefined) {
    return 'The project normalises with the measured statistics: every channel gets mean 0 and standard deviation 1.';
  }
  const furthest = Math.max(...channels.map(({ mean, std }) => Math.max(Math.abs(mean), Math.abs(std - 1))));
  return furthest < noticed
    ? 'The mean and standard deviation set in the project equal the measured ones.'
    : `The mean or standard deviation set in the project differs from the measured one: the network receives channels that deviate from mean 0 and standard deviation 1 by up to ${furthest.toPrecision(2)}.`;
}
