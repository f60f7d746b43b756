import type { Progress } from '../datasets/progress.ts';
import { bytes, count } from './format.ts';
import type { Output } from './output.ts';
import { bar, ProgressLine } from './progress-line.ts';

export interface DataProgressView {
  readonly show: (progress: Progress) => void;
  readonly end: () => void;
}

const millisecondsBetween = 100;

/** How far a data set has come: one JSON value a report, a line that is drawn over, or a line a stage. */
export function dataProgress(output: Output): DataProgressView {
  const line = new ProgressLine(process.stderr);
  let lastStage = '';
  let last = 0;
  return {
    show: ({ stage, done, total, unit }) => {
      const isNew = stage !== lastStage;
      if (!isNew && Date.now() - last < millisecondsBetween) return;
      last = Date.now();
      lastStage = stage;
      if (output.isJson)
        output.json({ event: 'progress', stage, done, total, ...(unit === undefined ? {} : { unit }) });
      else if (total !== null && process.stderr.isTTY) {
        const written = unit === 'bytes' ? bytes : count;
        line.show(`${stage} ${bar(done / total, 20)} ${written(done)} / ${written(total)}`);
      } else if (isNew) output.note(stage);
    },
    end: () => line.clear(),
  };
}
