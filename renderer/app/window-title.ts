import { withModuleNames } from '../../core/network/module-name.ts';
import type { RunState } from '../../core/training/run-state.ts';
import { isOver, progressOf } from '../features/train/live-run.ts';
import { duration, figure, percent } from './format.ts';

/** Of the window or the tab, with how far a training is: it can be read without being looked at. */
export function windowTitle(project: string, isDirty: boolean, run: RunState | null): string {
  const progress = run === null || isOver(run.state) ? '' : `${Math.floor(progressOf(run) * 100)} % `;
  const paused = run?.state.kind === 'paused' ? 'paused ' : '';
  return `${progress}${paused}${isDirty ? '• ' : ''}${project} – Torchwright`;
}

/** What a notification says of a training that has ended; null of one that was stopped by hand. */
export function endWords(
  { state, trained }: RunState,
  name: string,
): { readonly title: string; readonly body: string } | null {
  switch (state.kind) {
    case 'finished': {
      const { test, seconds } = state;
      const score =
        test.rootMeanSquare !== undefined
          ? `Root mean square error ${figure(test.rootMeanSquare)}`
          : test.accuracy === undefined
            ? 'Training completed'
            : `Test accuracy ${percent(test.accuracy)}`;
      return { title: `${name} has finished`, body: `${score} after ${duration(seconds)}.` };
    }
    case 'failed':
    case 'crashed': {
      const { message } = state.error;
      return { title: `${name} has failed`, body: trained === null ? message : withModuleNames(trained, message) };
    }
    default:
      return null;
  }
}
