import { hasDesktop } from '../../e2e/desktop.ts';
import type { MeasuredTask } from '../figure.ts';
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
  { name: 'window-memory', rounds: 3, measure: measureMemory },
  { name: 'window-speed', rounds: 6, measure: measureSpeed },
  { name: 'window-stall', rounds: 3, measure: measureStall },
  { name: 'design', rounds: 3, measure: measureDesign },
  { name: 'evaluate', rounds: 5, measure: measureEvaluate },
  { name: 'evaluate-beside', rounds: 5, measure: measureBeside },
  { name: 'runs-table', rounds: 10, measure: measureRuns },
];

/** The built application is measured. A sentence where there is no Electron or no display in memory. */
export async function prepareWindow(): Promise<string | null> {
  if (!hasDesktop) return 'without Electron and Xvfb the window is not measured: `npm test` brings them where it may';
  await ensureWindow();
  return null;
}
