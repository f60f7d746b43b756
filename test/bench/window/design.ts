import type { Page } from 'playwright-core';
import { factsOf } from '../../../core/network/facts.ts';
import type { NetworkNode } from '../../../core/network/tree.ts';
import { openProject } from '../../../main/projects/open-project.ts';
import type { Figure, MeasuredTask } from '../figure.ts';
import { goTo, leaveProject, openWindow, timeUntil, until } from './prepared.ts';

const stages = 10;
const units = 10;
const hasCards = `document.querySelectorAll('[data-module]').length > 3`;

/** Ten named stages of ten Residuals of eight layers: 1,113 modules, four levels deep. */
function deepNetwork(): NetworkNode {
  const convolution: NetworkNode = { type: 'Conv2d', options: { out_channels: 8, kernel_size: 3, padding: 1 } };
  const layers: NetworkNode[] = [convolution, { type: 'BatchNorm2d' }, { type: 'ReLU' }, { type: 'Dropout' }];
  const unit: NetworkNode = { type: 'Residual', body: { type: 'Sequential', children: [...layers, ...layers] } };
  const stage = (_: unknown, index: number): NetworkNode => ({
    type: 'Sequential',
    name: `stage${index + 1}`,
    children: Array.from({ length: units }, () => unit),
  });
  const ends: NetworkNode[] = [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 10 } }];
  return { type: 'Sequential', children: [convolution, ...Array.from({ length: stages }, stage), ...ends] };
}

/** Moves the canvas in every frame for so long, in the way of a touchpad; gives frames a second and the longest wait for one. */
function moveCanvas(
  page: Page,
  wheel: string,
  seconds = 3,
): Promise<{ readonly rate: number; readonly longest: number }> {
  return page.evaluate(`new Promise((resolve) => {
    const pane = document.querySelector('.vue-flow__pane');
    const { left, top, width, height } = pane.getBoundingClientRect();
    const centre = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true };
    const began = performance.now();
    let [frames, last, longest] = [0, began, 0];
    const move = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (now - began > ${seconds} * 1000) return resolve({ rate: (frames * 1000) / (now - began), longest });
      const turn = Math.sin(frames++ / 20);
      pane.dispatchEvent(new WheelEvent('wheel', { ...centre, ...(${wheel})(turn) }));
      requestAnimationFrame(move);
    };
    requestAnimationFrame(move);
  })`);
}

/** The editor with a network of over a thousand modules, its inner levels closed as it opens. */
export async function measureDesign(rounds: number): Promise<MeasuredTask> {
  const opened = await openProject('mnist-logit');
  const project = { ...opened, name: 'deep', networks: { main: deepNetwork() } };
  const { modules } = factsOf(project.networks.main, {}, [[1, 28, 28]]);
  const found = { open: [], pan: [], zoom: [], late: [], edit: [], undo: [] } as Record<string, number[]>;
  for (let round = 0; round < rounds; round++) {
    const { window, close } = await openWindow((home) => leaveProject(home, project));
    const take = async (name: string, action: string, condition: string): Promise<void> => {
      found[name]?.push(await timeUntil(window, action, condition));
    };
    await window.evaluate(goTo('Train'));
    await until(window, `document.querySelector('[data-network]') === null`);
    await take('open', goTo('Design'), hasCards);
    await until(window, `document.querySelector('[aria-label="Modules of the network"] [role="treeitem"]') !== null`);
    const pan = await moveCanvas(window, '(turn) => ({ deltaX: 0, deltaY: 40 * turn })');
    const zoom = await moveCanvas(window, '(turn) => ({ deltaY: 8 * turn, ctrlKey: true })');
    found['pan']?.push(pan.rate);
    found['zoom']?.push(zoom.rate);
    found['late']?.push(Math.max(pan.longest, zoom.longest));
    await window.getByRole('button', { name: /set to actual size/ }).click();
    await window
      .locator('[aria-label="Modules of the network"] [role="treeitem"]', { hasText: 'Conv2d' })
      .first()
      .click();
    await until(window, `document.querySelector('[data-module="networks.main.children[1]"]') !== null`);
    for (let edit = 0; edit < 5; edit++) {
      // What the picture says of the second module is another after the edit, whichever part of it is in sight.
      const key = (name: string) =>
        `globalThis.before = document.querySelector('[data-module="networks.main.children[1]"]').textContent; document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '${name}', ctrlKey: true, bubbles: true, cancelable: true }))`;
      const isAnother = `document.querySelector('[data-module="networks.main.children[1]"]')?.textContent !== before`;
      await take('edit', key('d'), isAnother);
      await take('undo', key('z'), isAnother);
    }
    await close();
  }
  const figure = (name: string, key: string, unit: Figure['unit'], aim?: number): Figure => ({
    name,
    values: found[key] ?? [],
    unit,
    ...(aim === undefined ? {} : { aim }),
  });
  return {
    task: 'design',
    note: `${modules.size.toLocaleString('en')} modules in four levels; the canvas in sight, software rendering`,
    figures: [
      figure('opening the place', 'open', 'ms', 1000),
      figure('frames while panning', 'pan', 'frames/s'),
      figure('frames while zooming', 'zoom', 'frames/s'),
      figure('longest wait for a frame', 'late', 'ms'),
      figure('an edit until its picture', 'edit', 'ms', 100),
      figure('undoing it', 'undo', 'ms', 100),
    ],
  };
}
