import { setTimeout as wait } from 'node:timers/promises';
import type { MeasuredTask } from '../figure.ts';
import { openProject } from '../../../main/projects/open-project.ts';
import { leaveProject, openWindow, pressTrain, until } from './prepared.ts';

const epochs = 200;

/** A timer that should come every 5 ms, and the browser's own count of tasks above 50 ms. */
const probe = `
  globalThis.stall = { late: 0, longest: 0, tasks: 0, frames: 0, epochs: 0, isOver: false };
  torchwright.on('training', ({ event }) => {
    if (event === 'epochFinished') stall.epochs += 1;
    if (event === 'runFinished') stall.isOver = true;
  });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      stall.tasks += 1;
      stall.longest = Math.max(stall.longest, duration);
    }
  }).observe({ type: 'longtask' });
  let last = performance.now();
  const tick = () => {
    const now = performance.now();
    stall.late = Math.max(stall.late, now - last - 5);
    last = now;
    setTimeout(tick, 5);
  };
  setTimeout(tick, 5);
  const frame = () => { stall.frames += 1; requestAnimationFrame(frame); };
  frame();
`;

interface Stall {
  readonly late: number;
  readonly longest: number;
  readonly tasks: number;
  readonly frames: number;
  readonly epochs: number;
}

/** How long the page is deaf at most while a fast run goes through its epochs in sight, from Train to the end. */
export async function measureStall(rounds: number): Promise<MeasuredTask> {
  const opened = await openProject('mnist-logit');
  const project = { ...opened, recipe: { ...opened.recipe, epochs } };
  const found: (Stall & { readonly seconds: number; readonly lateHere: number })[] = [];
  for (let round = 0; round < rounds; round++) {
    const { window, close } = await openWindow((home) => leaveProject(home, project));
    // Nobody presses Train sooner.
    await wait(2000);
    await window.evaluate(probe);
    const began = performance.now();
    const watch = watchTimer();
    await pressTrain(window);
    await until(window, 'stall.isOver', 1000);
    found.push({
      ...(await window.evaluate<Stall>('stall')),
      seconds: (performance.now() - began) / 1000,
      lateHere: watch.end(),
    });
    await close();
  }
  if (found.some((stall) => stall.epochs < epochs)) throw new Error('the window did not hear of every epoch');
  return {
    task: 'window-stall',
    note: `mnist-logit, ${epochs} epochs with the charts in sight; tasks above 50 ms: ${found.map(({ tasks }) => tasks).join(', ')}`,
    figures: [
      { name: 'a timer late by at most', values: found.map(({ late }) => late), unit: 'ms', aim: 50 },
      { name: 'the same timer in a process at rest', values: found.map(({ lateHere }) => lateHere), unit: 'ms' },
      { name: 'longest task above 50 ms', values: found.map(({ longest }) => longest), unit: 'ms', aim: 50 },
      { name: 'the whole training', values: found.map(({ seconds }) => seconds), unit: 's' },
    ],
  };
}

/** How late the machine itself makes a timer: beside busy neighbours the page cannot be quicker than this. */
function watchTimer(): { readonly end: () => number } {
  let late = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late = Math.max(late, now - last - 5);
    last = now;
  }, 5);
  return {
    end: () => {
      clearInterval(timer);
      return late;
    },
  };
}
