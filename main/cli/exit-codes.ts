import { inputFailures } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';

export const exitCodes = { done: 0, failed: 1, badInput: 2, mistake: 70, interrupted: 130 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOf(failure: Failure): ExitCode {
  if (failure.code === 'cancelled') return exitCodes.interrupted;
  if (failure.code === 'internal') return exitCodes.mistake;
  return inputFailures.has(failure.code) ? exitCodes.badInput : exitCodes.failed;
}
