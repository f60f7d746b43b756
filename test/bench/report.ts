import { instructionsInWords } from '../../core/training/explain-choices.ts';
import { aimsInWords } from './aims.ts';
import { ours } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { median } from '../../core/training/median.ts';

export interface Machine {
  readonly processor: string;
  /** By libtorch's names. */
  readonly instructions: readonly string[];
  readonly cpuCapability: string;
  readonly threads: number;
  readonly memoryMB: number;
}

/** A task that could not run, with the reason. */
export interface Problem {
  readonly task: string;
  readonly reason: string;
}

export function machineLine({ processor, instructions, cpuCapability, threads, memoryMB }: Machine): string {
  const units = instructionsInWords(instructions) || 'no vector instructions known';
  return `${processor} (${units}; libtorch computes with ${cpuCapability}), ${threads} threads, ${memoryMB} MB`;
}

export function comparisonLines({ task, unit, rounds, loops, ratios, aims, isReached }: Comparison): readonly string[] {
  const times = Object.entries(loops).map(([name, { time, peakMB }]) => {
    const label = name === ours ? 'Torchwright' : `Python, ${name}`;
    return `  ${label.padEnd(26)}${digits(time).padStart(9)} ${unit}  peak ${peakMB.toFixed(0).padStart(5)} MB`;
  });
  const ratio = (label: string, values: readonly number[] | undefined): readonly string[] => {
    if (values === undefined) return [];
    const spread = `${Math.min(...values).toFixed(2)} … ${Math.max(...values).toFixed(2)}`;
    return [`  ${label.padEnd(26)}${median(values).toFixed(2).padStart(9)} times as fast  (${spread})`];
  };
  return [
    `${task}, n = ${rounds}`,
    ...times,
    ...ratio('against the usual loop', ratios.usual),
    ...ratio('against preloaded tensors', ratios.preloaded),
    `  aim: ${aimsInWords(aims)}${reachedInWords(isReached)}`,
  ];
}

function reachedInWords(isReached: boolean | null): string {
  return isReached === null ? '' : isReached ? ' – reached' : ' – NOT reached';
}

export function problemLine({ task, reason }: Problem): string {
  return `${task} did not run: ${reason}`;
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
