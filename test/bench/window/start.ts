import { makeHome, openDisplay, removeHome } from '../../e2e/desktop.ts';
import type { MeasuredTask } from '../figure.ts';
import { memoryOf, startElectron } from './electron-process.ts';

/** The page's own marks, milliseconds since 1970, and its longest task so far in milliseconds. */
const marks = `new Promise((resolve) => {
  const answer = () => {
    const interactive = performance.getEntriesByName('interactive')[0];
    if (interactive === undefined) return void setTimeout(answer, 20);
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    let longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: 'longtask', buffered: true });
    const at = ({ startTime }) => performance.timeOrigin + startTime;
    const page = performance.timeOrigin;
    setTimeout(() => resolve({ page, paint: paint ? at(paint) : at(interactive), interactive: at(interactive), longest }), 300);
  };
  answer();
})`;

interface Marks {
  readonly page: number;
  readonly paint: number;
  readonly interactive: number;
  readonly longest: number;
}

/** Seconds that a window is left alone before its memory is taken. */
const rest = 10;

/** From the start of the process, on a fresh home, until recipes can be chosen. */
export async function measureStart(rounds: number): Promise<MeasuredTask> {
  const found: (Marks & { readonly began: number })[] = [];
  const display = await openDisplay();
  for (let round = 0; round < rounds; round++) {
    const home = await makeHome();
    const electron = await startElectron(display, home);
    found.push({ ...((await electron.evaluate(marks)) as Marks), began: electron.began });
    await electron.close();
    await removeHome(home);
  }
  display.close();
  const seconds = (of: (marks: Marks) => number): number[] => found.map((each) => (of(each) - each.began) / 1000);
  return {
    task: 'window-start',
    note: 'a new process on a fresh home, its files in the cache of the system',
    figures: [
      { name: 'until the page begins', values: seconds(({ page }) => page), unit: 's' },
      { name: 'until it draws', values: seconds(({ paint }) => paint), unit: 's' },
      { name: 'until it can be used', values: seconds(({ interactive }) => interactive), unit: 's', aim: 2 },
      { name: 'longest task of the page', values: found.map(({ longest }) => longest), unit: 'ms' },
    ],
  };
}

export async function measureMemory(rounds: number): Promise<MeasuredTask> {
  const found: Awaited<ReturnType<typeof memoryOf>>[] = [];
  const display = await openDisplay();
  for (let round = 0; round < rounds; round++) {
    const home = await makeHome();
    const electron = await startElectron(display, home);
    await electron.evaluate(marks);
    await new Promise((resolve) => setTimeout(resolve, rest * 1000));
    found.push(await memoryOf(electron.pid));
    await electron.close();
    await removeHome(home);
  }
  display.close();
  return {
    task: 'window-memory',
    note: `${rest} s after the start, shared memory by its share`,
    figures: [
      { name: 'window', values: found.map(({ renderer }) => renderer / 1e6), unit: 'MB' },
      { name: 'main side', values: found.map(({ main }) => main / 1e6), unit: 'MB' },
      { name: "Chromium's other processes", values: found.map(({ other }) => other / 1e6), unit: 'MB' },
    ],
  };
}
