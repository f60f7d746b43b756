import { counted } from '../../app/format.ts';

/** Why a finished run cannot be trained to so many epochs in all; null: it can. */
export function problemOfMore(
  epochs: unknown,
  done: number,
  isAnotherTrained: boolean,
): { readonly reason: string; readonly isOfNumber: boolean } | null {
  if (typeof epochs !== 'number' || !Number.isInteger(epochs)) {
    return { reason: `Enter a whole number above ${done}.`, isOfNumber: true };
  }
  if (epochs <= done) {
    const reason = `The run has ${counted(done, 'epoch')} already. Enter a number above ${done}.`;
    return { reason, isOfNumber: true };
  }
  return isAnotherTrained ? { reason: 'Another run is being trained.', isOfNumber: false } : null;
}
