// Our side of `npm run bench`, in a process of its own: `engine-loop.ts TASK STEPS THREADS`. Prints one JSON object.
import { readFile } from 'node:fs/promises';
import { ratesOfEpoch } from '../../core/schedule/rates.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { planProject } from '../../main/training/plan-project.ts';
import { findTask, projectOf } from './tasks.ts';

const [name = '', steps = '', threads = ''] = process.argv.slice(2);
const task = findTask(name);
const project = await projectOf(task);
const { plan } = await planProject(project, { seed: 0, threads: Number(threads) });

const before = performance.now();
const addon = loadAddon();
const loadSeconds = (performance.now() - before) / 1000;

const session = await addon.createSession(JSON.stringify(plan));
const { stepsPerEpoch } = session.describe();
const learningRates = ratesOfEpoch(project.recipe.schedule, 0, { epochs: project.recipe.epochs, stepsPerEpoch });
let position = 0;

/** Seconds that so many steps take, the reports ten times a second included; an epoch's end is passed over. */
async function train(steps: number): Promise<number> {
  const began = performance.now();
  for (let done = 0; done < steps;) {
    const maxSteps = Math.min(steps - done, stepsPerEpoch - position);
    await session.train({ learningRates, maxSteps }, () => undefined);
    done += maxSteps;
    position = (position + maxSteps) % stepsPerEpoch;
  }
  return (performance.now() - began) / 1000;
}

await train(Math.max(1, Math.round(Number(steps) / 10)));
const secondsPerStep = (await train(Number(steps))) / Number(steps);
console.log(JSON.stringify({ secondsPerStep, peakBytes: await peakBytes(), loadSeconds }));
await session.close();

/** The most memory this process had at any time, Node and libtorch with it. */
async function peakBytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kibibytes = /^VmHWM:\s+(\d+)/m.exec(status)?.[1];
  return kibibytes === undefined ? process.resourceUsage().maxRSS * 1024 : Number(kibibytes) * 1024;
}
