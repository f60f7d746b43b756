import { classLosses } from './class-losses.ts';
import { comparingLosses } from './comparing-losses.ts';
import type { LossType } from './loss-type.ts';
import { numberLosses } from './number-losses.ts';
import { oneHotLosses } from './one-hot-losses.ts';

/** All there are, in the order of the window's list. */
export const lossTypes = [...classLosses, ...numberLosses, ...oneHotLosses, ...comparingLosses] as const;

export type LossName = (typeof lossTypes)[number]['type'];

const byName = new Map<string, LossType>(lossTypes.map((entry) => [entry.type, entry]));

export function lossType(name: LossName): LossType {
  return byName.get(name)!;
}
