import { hasDesktop } from '../../e2e/desktop.ts';
import type { MeasuredTask } from '../figure.ts';
import { leastRounds } from '../tasks.ts';
import { measureBeside } from './beside.ts';
import { measureDesign } from './design.ts';
import { measureEvaluate } from './evaluate.ts';
import { measureRuns } from './runs.ts';
import { measureSpeed } from './speed.ts';
import { measureStall } from './stall.ts';
import { measureMemory, measureStart } from './start.ts';

const { ensureWindow } = (await import(new URL('../../../setup/window.mjs', import.meta.url).href)) as {
  readonly ensureWindow: () => Promise<void>;
};

export interface WindowTask {
  readonly name: string;
  readonly rounds: number;
  readonly measure: (rounds: number) => Promise<MeasuredTask>;
}

export const windowTasks: readonly WindowTask[] = [
  { name: 'window-start', rounds: 7, measure: measureStart },
  { name: 'window-memory', rounds: leastRounds, measure: measureMemory },
  { name: 'window-speed', rounds: 6, measure: measureSpeed },
  { name: 'window-stall', rounds: leastRounds, measure: measureStall },
  { name: 'design', rounds: leastRounds, measure: measureDesign },
  { name: 'evaluate', rounds: 5, measure: measureEvaluate },
  { name: 'evaluate-beside', rounds: 5, measure: measureBeside },
  { name: 'runs-table', rounds: 10, measure: measureRuns },
];

/** The built application is measured. Throws a sentence where there is no Electron or no display in memory. */
export async function prepareWindow(): Promise<true> {
  if (!hasDesktop) throw new Error('There is no Electron or no Xvfb; `npm test` installs them where it can.');
  await ensureWindow();
  return true;
}
