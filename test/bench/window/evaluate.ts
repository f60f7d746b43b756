import type { Page } from 'playwright-core';
import { openProject } from '../../../main/projects/open-project.ts';
import type { MeasuredTask } from '../figure.ts';
import { wrong, writeJudgedRun } from './judged-run.ts';
import { goTo, leaveProject, openWindow, timeUntil, until } from './prepared.ts';

const canvas = `document.querySelector('[role="listbox"] canvas')`;

/** Images are there, not only their empty frames: their pixels differ. */
const isDrawn = `(() => {
  const canvas = ${canvas};
  if (canvas === null || canvas.width < 400 || document.querySelectorAll('table.matrix td button').length < 100) return false;
  const { data } = canvas.getContext('2d').getImageData(100, 25, 56, 56);
  return new Set(data).size > 16;
})()`;

/** Scrolls on in every frame for so long, all the way through; gives frames a second and the longest wait for one. */
function scroll(page: Page, seconds = 4): Promise<{ readonly rate: number; readonly longest: number }> {
  return page.evaluate(`new Promise((resolve) => {
    const scroller = ${canvas}.parentElement;
    const way = scroller.scrollHeight - scroller.clientHeight;
    const began = performance.now();
    let [frames, last, longest] = [0, began, 0];
    const move = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      const share = (now - began) / (${seconds} * 1000);
      if (share > 1) return resolve({ rate: (frames * 1000) / (now - began), longest });
      frames++;
      scroller.scrollTop = share * way;
      requestAnimationFrame(move);
    };
    requestAnimationFrame(move);
  })`);
}

/** Evaluate on a finished run of which every second test image is wrong. */
export async function measureEvaluate(rounds: number): Promise<MeasuredTask> {
  const { window, close } = await openWindow(async (home) => {
    await leaveProject(home, await openProject('mnist-logit'));
    await writeJudgedRun(home);
  });
  const found = { first: [], again: [], rate: [], longest: [], cell: [] } as Record<string, number[]>;
  for (let round = 0; round < rounds; round++) {
    found[round === 0 ? 'first' : 'again']?.push(await timeUntil(window, goTo('Evaluate'), isDrawn));
    const { rate, longest } = await scroll(window);
    found['rate']?.push(rate);
    found['longest']?.push(longest);
    const cell = `document.querySelectorAll('table.matrix td button')[${1 + round}].click()`;
    const title = `/predicted as/.test(document.querySelector('[aria-label="Test images"] h2').textContent)`;
    found['cell']?.push(await timeUntil(window, cell, title));
    await window.getByRole('button', { name: 'Show all misclassified' }).click();
    await window.evaluate(goTo('Train'));
    await until(window, `${canvas} === null`);
  }
  await close();
  const figure = (name: string, key: string) => ({ name, values: found[key] ?? [] });
  return {
    task: 'evaluate',
    note: `${wrong.toLocaleString('en')} mistakes on 10,000 test images; software rendering`,
    figures: [
      { ...figure('opening the place for the first time, with images', 'first'), unit: 'ms', aim: 300 },
      ...(rounds > 1 ? [{ ...figure('opening it again', 'again'), unit: 'ms', aim: 300 } as const] : []),
      { ...figure('frames while scrolling through all of them', 'rate'), unit: 'frames/s' },
      { ...figure('longest wait for a frame', 'longest'), unit: 'ms' },
      { ...figure('a cell of the matrix until its images', 'cell'), unit: 'ms', aim: 100 },
    ],
  };
}
