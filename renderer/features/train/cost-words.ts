import type { EpochTime, EstimatedTime, MemoryEstimate } from '../../../core/training/cost.ts';
import { bytes, counted, duration } from '../../app/format.ts';

export type KnownTime =
  | ({ readonly kind: 'measured' } & EpochTime)
  | {
      readonly kind: 'trained';
      readonly seconds: number;
      readonly least: number;
      readonly most: number;
      readonly epochs: number;
      readonly run: string;
    }
  | ({ readonly kind: 'estimated' } & EstimatedTime);

export interface KnownMemory {
  readonly estimate: MemoryEstimate | null;
  readonly measured: number | null;
  /** Of the device; null where not known. */
  readonly total: number | null;
}

export interface CostWords {
  /** Null: not known before something was trained or measured. */
  readonly time: { readonly epoch: string; readonly all: string; readonly origin: string } | null;
  readonly memory: { readonly amount: string; readonly origin: string } | null;
  /** Where the memory will not do. */
  readonly warning: string | null;
}

export function costWords(time: KnownTime | null, memory: KnownMemory, epochs: number): CostWords {
  return { time: time && timeWords(time, epochs), memory: memoryWords(memory), warning: warningOf(memory) };
}

function timeWords(time: KnownTime, epochs: number): CostWords['time'] {
  const about = time.kind === 'estimated' ? 'about ' : '';
  return {
    epoch: `${about}${duration(time.seconds)}`,
    all: `${about}${duration(time.seconds * epochs)}`,
    origin: originOf(time),
  };
}

function originOf(time: KnownTime): string {
  const range = `${duration(time.least)} to ${duration(time.most)}`;
  switch (time.kind) {
    case 'measured':
      if (time.steps === 1) return 'Measured: 1 step.';
      return `Measured: median of ${counted(time.steps, 'step')}. 80 % of them give ${range} per epoch.`;
    case 'trained':
      if (time.epochs === 1) return `Measured: 1 epoch of ${time.run}.`;
      return `Measured: median of ${counted(time.epochs, 'epoch')} of ${time.run}, ${range}.`;
    case 'estimated':
      if (time.trainings === 1) return 'Estimated from the speed of one training on this device.';
      return `Estimated from the speed of ${counted(time.trainings, 'training')} on this device: ${range}.`;
  }
}

function memoryWords({ estimate, measured, total }: KnownMemory): CostWords['memory'] {
  const of = total === null ? '' : ` of ${bytes(total)}`;
  if (measured !== null) return { amount: `${bytes(measured)}${of}`, origin: 'Measured: peak of the engine process.' };
  if (estimate === null) return null;
  const largest = estimate.parts.toSorted((one, other) => other.bytes - one.bytes).slice(0, 3);
  const parts = largest.map(({ name, bytes: size }) => `${name.toLowerCase()} ${bytes(size)}`).join(', ');
  return { amount: `about ${bytes(estimate.bytes)}${of}`, origin: `Estimated: ${parts}.` };
}

function warningOf({ estimate, measured, total }: KnownMemory): string | null {
  const needed = measured ?? estimate?.bytes ?? 0;
  if (total === null || needed <= 0.9 * total) return null;
  const advice = 'Reduce the batch size or the width of the network.';
  return needed > total
    ? `This training needs more memory (${bytes(needed)}) than the device has (${bytes(total)}). ${advice}`
    : `This training needs nearly all memory of the device (${bytes(total)}) and may fail. ${advice}`;
}
