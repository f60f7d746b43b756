import type { Page } from 'playwright-core';
import type { Project } from '../../../core/project/project.ts';
import { makeHome, removeHome } from '../../e2e/desktop.ts';
import type { MeasuredTask } from '../figure.ts';
import { findTask, projectOf } from '../tasks.ts';
import { startPlainTraining } from './plain-training.ts';
import type { Report as PlainReport } from './plain-training.ts';
import { leaveProject, openWindow, pressTrain, until } from './prepared.ts';

/** Seconds of training that count, after others that do not. */
const counted = 6;
const warmup = 1.5;

type Report = Pick<PlainReport, 'at' | 'step'>;

/** The same training by the command line, in Electron with the window hidden, and with the window in sight. */
export async function measureSpeed(rounds: number): Promise<MeasuredTask> {
  const project = await projectOf(findTask('mnist-conv'));
  const { batchSize } = project.recipe;
  const found: { plain: number; hidden: number; shown: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const measurePlain = async (): Promise<number> => speedOf(await trainPlainly(project), batchSize);
    // Every other round the other way about, for machines that become slower with time.
    const before = round % 2 === 0 ? await measurePlain() : null;
    const { hidden, shown } = await trainInElectron(project, round % 2 === 0);
    const plain = before ?? (await measurePlain());
    found.push({ plain, hidden: speedOf(hidden, batchSize), shown: speedOf(shown, batchSize) });
  }
  const loss = (of: (each: (typeof found)[number]) => number): number[] => found.map((each) => (1 - of(each)) * 100);
  return {
    task: 'window-speed',
    note: `mnist-conv, batches of ${batchSize}, ${counted} s each in turn`,
    figures: [
      { name: 'command line', values: found.map(({ plain }) => plain), unit: 'images/s' },
      { name: 'Electron, window hidden', values: found.map(({ hidden }) => hidden), unit: 'images/s' },
      { name: 'Electron, window in sight', values: found.map(({ shown }) => shown), unit: 'images/s' },
      {
        name: "lost in Electron's engine process",
        values: loss(({ plain, hidden }) => hidden / plain),
        unit: '%',
        aim: 2,
      },
      { name: 'lost by the window in sight', values: loss(({ hidden, shown }) => shown / hidden), unit: '%', aim: 2 },
      { name: 'lost in all', values: loss(({ plain, shown }) => shown / plain), unit: '%', aim: 2 },
    ],
  };
}

function speedOf(reports: readonly Report[], batchSize: number): number {
  const [first, last] = [reports[0], reports.at(-1)];
  if (first === undefined || last === undefined || last.at === first.at) throw new Error('nothing was trained');
  return ((last.step - first.step) * batchSize) / ((last.at - first.at) / 1000);
}

async function trainPlainly(project: Project): Promise<readonly Report[]> {
  const home = await makeHome();
  const training = await startPlainTraining(home, project);
  await training.lasted(counted + warmup);
  await training.stop();
  await removeHome(home);
  return afterWarmup(training.reports);
}

function afterWarmup(reports: readonly Report[]): readonly Report[] {
  return reports.filter(({ at }) => at - (reports[0]?.at ?? 0) > warmup * 1000);
}

async function trainInElectron(
  project: Project,
  isHiddenFirst: boolean,
): Promise<{ readonly hidden: readonly Report[]; readonly shown: readonly Report[] }> {
  const { application, window, close } = await openWindow((home) => leaveProject(home, project));
  const setSight = (isShown: boolean): Promise<void> =>
    application.evaluate(({ BrowserWindow }, shown) => {
      const [only] = BrowserWindow.getAllWindows();
      if (shown) only?.show();
      else only?.hide();
    }, isShown);
  await window.evaluate(
    "globalThis.reports = []; torchwright.on('training', (event) => event.event === 'step' && reports.push({ at: performance.now(), step: (event.epoch - 1) * event.steps + event.step }))",
  );
  await pressTrain(window);
  await until(window, 'reports.length > 0');
  const take = async (isShown: boolean): Promise<readonly Report[]> => {
    await setSight(isShown);
    return collect(window);
  };
  const first = await take(!isHiddenFirst);
  const second = await take(isHiddenFirst);
  await close();
  return isHiddenFirst ? { hidden: first, shown: second } : { hidden: second, shown: first };
}

async function collect(page: Page): Promise<readonly Report[]> {
  await page.evaluate('reports.length = 0');
  await new Promise((resolve) => setTimeout(resolve, (counted + warmup) * 1000));
  return afterWarmup(await page.evaluate<Report[]>('reports'));
}
