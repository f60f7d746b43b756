// Our side of `npm run bench`, in a process of its own: `engine-loop.ts TASK PRECISION STEPS THREADS`. Prints one JSON
// object.
import { readFile } from 'node:fs/promises';
import { ratesOfEpoch } from '../../core/schedule/rates.ts';
import { lookAheadSharesOf } from '../../core/training/averaging.ts';
import { groupRatesOfEpoch } from '../../core/training/group-rates.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { planProject } from '../../main/training/plan-project.ts';
import { findTask, projectOf } from './tasks.ts';

const [name = '', precision = '', steps = '', threads = ''] = process.argv.slice(2);
const task = findTask(name, precision);
const project = await projectOf(task);
const { plan } = await planProject(project, { seed: 0, threads: Number(threads) });

const before = performance.now();
const addon = loadAddon();
const loadSeconds = (performance.now() - before) / 1000;

const session = await addon.createSession(JSON.stringify(plan));
const { stepsPerEpoch } = session.describe();
const { schedule, epochs, ...recipe } = project.recipe;
const span = { epochs, stepsPerEpoch };
const lookAheadShares = recipe.kind === 'supervised' ? lookAheadSharesOf(recipe.averaging ?? null, 0, span) : null;
/** Those of the first epoch, for every epoch. */
const request = {
  learningRates: ratesOfEpoch(schedule, 0, span),
  groupRates: groupRatesOfEpoch(plan.training.optimizer, schedule, 0, span),
  ...(plan.adversarial === null
    ? {}
    : { discriminatorGroupRates: groupRatesOfEpoch(plan.adversarial.optimizer, schedule, 0, span) }),
  ...(lookAheadShares === null ? {} : { lookAheadShares }),
};
let position = 0;

/** Seconds that so many steps take, the reports ten times a second included; an epoch's end is passed over. */
async function train(steps: number): Promise<number> {
  const began = performance.now();
  for (let done = 0; done < steps;) {
    const maxSteps = Math.min(steps - done, stepsPerEpoch - position);
    const { state } = await session.train({ ...request, maxSteps }, () => undefined);
    if (state === 'diverged') throw new Error('the training diverged');
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
