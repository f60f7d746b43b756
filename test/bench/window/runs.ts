import type { Page } from 'playwright-core';
import { openProject } from '../../../main/projects/open-project.ts';
import type { MeasuredTask } from '../figure.ts';
import { points, runs, writeManyRuns } from './many-runs.ts';
import { goTo, leaveProject, openWindow, timeUntil, until } from './prepared.ts';

/** Milliseconds: ours, what feels like at once. */
const aim = 300;
/** A search begins when so long nothing was typed. */
const typingWait = 250;
const overlaid = 6;

const type = (words: string): string =>
  `{ const field = document.querySelector('input[type="search"]'); field.value = '${words}'; field.dispatchEvent(new Event('input')) }`;
const says = (count: string): string =>
  `document.querySelector('[role="status"].quiet').textContent.includes('${count} run')`;
const hasRows = `document.querySelector('tr[data-row="0"] td.number') !== null`;

export async function measureRuns(rounds: number): Promise<MeasuredTask> {
  const { window, close } = await openWindow(async (home) => {
    await leaveProject(home, await openProject('mnist-logit'));
    await writeManyRuns(home);
  });
  const times = { open: [], search: [], sort: [], overlay: [], scroll: [], steps: [] } as Record<string, number[]>;
  const take = async (name: string, action: string, condition: string): Promise<void> => {
    times[name]?.push(await timeUntil(window, action, condition));
  };
  for (let round = 0; round < rounds; round++) {
    await take('open', goTo('Runs'), `${hasRows} && ${says('5,000')}`);
    await take('search', type('conv kept'), says('41'));
    await take('search', type(''), says('5,000'));
    const sort = `[...document.querySelectorAll('th button')].find((button) => button.textContent.includes('Best')).click()`;
    await take(
      'sort',
      `globalThis.top = document.querySelector('tr[data-row="0"]').textContent; ${sort}`,
      `${hasRows} && document.querySelector('tr[data-row="0"]').textContent !== top`,
    );
    const scroller = `document.querySelector('table').parentElement`;
    const row = 700 + round * 300;
    await take(
      'scroll',
      `${scroller}.scrollTop = ${row} * 28`,
      `document.querySelector('tr[data-row="${row + 5}"] td.number') !== null`,
    );
    await window.evaluate(`${scroller}.scrollTop = 0`);
    await until(window, hasRows);
    const tick = `[...document.querySelectorAll('tr[data-row] input[type="checkbox"]')].slice(0, ${overlaid}).forEach((box) => box.click())`;
    await take(
      'overlay',
      tick,
      `/ ${overlaid * 20} points/.test(document.querySelector('canvas[aria-label^="Test accuracy"]')?.ariaLabel ?? '')`,
    );
    times['steps']?.push(await timeSteps(window));
    await window.evaluate(`document.querySelector('[aria-label="Selected runs"] [aria-label="Close"]').click()`);
    await window.evaluate(goTo('Train'));
    await until(window, `document.querySelector('[data-row]') === null`);
  }
  await close();
  const figure = (name: string, key: string) => ({ name, values: times[key] ?? [], unit: 'ms', aim }) as const;
  return {
    task: 'runs-table',
    note: `${runs.toLocaleString('en')} runs, ${points.toLocaleString('en')} points of their steps`,
    figures: [
      figure('opening the place', 'open'),
      { ...figure('searching, a wait of 250 ms for typing included', 'search'), aim: aim + typingWait },
      figure('sorting by best accuracy', 'sort'),
      figure('scrolling to rows not fetched', 'scroll'),
      figure(`laying ${overlaid} runs over each other`, 'overlay'),
      figure(`fetching the steps of ${overlaid} runs`, 'steps'),
    ],
  };
}

function timeSteps(page: Page): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const list = await torchwright.call('runs.list', { offset: 0, limit: ${overlaid} });
    const runs = list.value.runs.map(({ id }) => id);
    const began = performance.now();
    const answer = await torchwright.call('runs.steps', { runs, points: 1000 });
    if (answer.value[0].series.step.length !== 200) throw new Error('other points came than were written');
    return performance.now() - began;
  })()`);
}
