// `npm run bench [-- --json] [--rounds n] [--task name]`: our engine against Python PyTorch on this machine, paired:
// in every round each program runs once, one after another, in processes of their own. Medians and ratios of medians.
// Then the window, as built, in Electron: its start, memory, cost and stalls.
import { parseArgs } from 'node:util';
import { cpus, totalmem } from 'node:os';
import { planProject } from '../../main/training/plan-project.ts';
import { defaultThreads } from '../../main/threads.ts';
import { printFigures } from './figure.ts';
import type { MeasuredTask } from './figure.ts';
import { measureEngine, measurePython, median } from './measure.ts';
import type { Measured } from './measure.ts';
import { pythonWithTorch } from './python.ts';
import { measureShapes } from './shapes.ts';
import { projectOf, tasks } from './tasks.ts';
import type { Task } from './tasks.ts';
import { prepareWindow, windowTasks } from './window/tasks.ts';

interface Comparison {
  readonly task: string;
  readonly unit: Task['unit'];
  readonly rounds: number;
  readonly loops: Readonly<Record<string, { readonly time: number; readonly peakMB: number }>>;
  /** Python's time divided by ours. */
  readonly ratios: { readonly usual: number; readonly preloaded: number };
  readonly aims: Task['aims'];
  readonly loadSeconds: number;
}

const usage = `Usage: npm run bench [-- --json] [--rounds n] [--task name]

Measures the engine against Python PyTorch on this machine, then the window.

  --rounds n   how often each task runs (default: its own number)
  --task name  only this task: ${[...tasks, ...windowTasks].map(({ name }) => name).join(', ')}
  --json       all figures as one JSON value`;

const say = (text: string): void => console.error(text);
const options = readOptions();

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean' },
        rounds: { type: 'string' },
        task: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.rounds !== undefined && !/^[1-9]\d{0,3}$/.test(values.rounds)) {
      throw new TypeError(`--rounds is a whole number from 1, not ${values.rounds}.`);
    }
    if (values.help === true) {
      console.log(usage);
      process.exit(0);
    }
    return values;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

const threads = await defaultThreads();
const isChosen = ({ name }: { readonly name: string }): boolean => options.task === undefined || options.task === name;
if (![...tasks, ...windowTasks].some(isChosen)) {
  say(`There is no task ${options.task ?? ''}: ${[...tasks, ...windowTasks].map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
/** Tasks that could not run, with the reason. */
const problems: { readonly task: string; readonly reason: string }[] = [];
const comparisons = await compareAll(tasks.filter(isChosen));
const shapes = comparisons.length > 0 ? await unlessProblem('shape rules', measureShapes) : null;
const windows = await measureWindows();
const machine = { processor: cpus()[0]?.model ?? 'unknown', threads, memoryMB: Math.round(totalmem() / 1e6) };
if (options.json) console.log(JSON.stringify({ machine, comparisons, shapes, windows, problems }, null, 2));
else print();
if (problems.length > 0) process.exitCode = 1;

/** In order, one after another. */
async function compareAll(chosen: readonly Task[]): Promise<readonly Comparison[]> {
  if (chosen.length === 0) return [];
  const python = await pythonWithTorch(say);
  if (python === null) {
    problems.push({ task: chosen.map(({ name }) => name).join(', '), reason: 'There is no Python with PyTorch.' });
    return [];
  }
  const comparisons: Comparison[] = [];
  for (const task of chosen) {
    const comparison = await unlessProblem(task.name, () => compare(task, python));
    if (comparison !== null) comparisons.push(comparison);
  }
  return comparisons;
}

/** A task that cannot run, for instance for want of its data, is reported and leaves the others their results. */
async function unlessProblem<Result>(task: string, work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`${task} cannot run: ${reason}`);
    problems.push({ task, reason });
    return null;
  }
}

async function measureWindows(): Promise<readonly MeasuredTask[]> {
  const chosen = windowTasks.filter(isChosen);
  const problem = chosen.length > 0 ? await prepareWindow() : null;
  if (problem !== null) say(problem);
  const measured: MeasuredTask[] = [];
  for (const { name, rounds, measure } of problem === null ? chosen : []) {
    say(`${name} …`);
    const times = options.rounds === undefined ? rounds : Number(options.rounds);
    const task = await unlessProblem(name, () => measure(times));
    if (task !== null) measured.push(task);
  }
  return measured;
}

async function compare(task: Task, python: string): Promise<Comparison> {
  const rounds = options.rounds === undefined ? task.rounds : Number(options.rounds);
  const { plan } = await planProject(await projectOf(task), { seed: 0 });
  const files = plan.data.train;
  const measured: Record<string, Measured[]> = {};
  const take = async (name: string, run: Promise<Measured>): Promise<void> => {
    (measured[name] ??= []).push(await run);
  };
  for (let round = 1; round <= rounds; round++) {
    say(`${task.name}: round ${round} of ${rounds}`);
    await take('engine', measureEngine(task.name, task.steps, threads));
    const usual = { python, kind: 'usual', files } as const;
    const preloaded = { python, kind: 'preloaded', workers: 0, files } as const;
    await take('preloaded', measurePython(preloaded, task.name, task.steps, threads));
    await take('usual, 0 workers', measurePython({ ...usual, workers: 0 }, task.name, task.usualSteps, threads));
    await take('usual, 2 workers', measurePython({ ...usual, workers: 2 }, task.name, task.usualSteps, threads));
  }
  const time = (name: string): number => median((measured[name] ?? []).map(({ secondsPerStep }) => secondsPerStep));
  const loops = Object.fromEntries(
    Object.entries(measured).map(([name, runs]) => {
      const peakMB = median(runs.map(({ peakBytes }) => peakBytes / 1e6));
      return [name, { time: inUnit(task, time(name)), peakMB }];
    }),
  );
  const ours = time('engine');
  return {
    task: task.name,
    unit: task.unit,
    rounds,
    loops,
    ratios: {
      usual: Math.min(time('usual, 0 workers'), time('usual, 2 workers')) / ours,
      preloaded: time('preloaded') / ours,
    },
    aims: task.aims,
    loadSeconds: median((measured['engine'] ?? []).map(({ loadSeconds }) => loadSeconds ?? NaN)),
  };
}

function inUnit(task: Task, secondsPerStep: number): number {
  if (task.unit === 'µs a step') return secondsPerStep * 1e6;
  return task.unit === 's an epoch' ? secondsPerStep * task.stepsPerEpoch : secondsPerStep;
}

function print(): void {
  console.log(`${machine.processor}, ${threads} threads, ${machine.memoryMB} MB; Python PyTorch 2.13.0; medians`);
  printComparisons();
  for (const measured of windows) printFigures(measured);
  for (const { task, reason } of problems) console.log(`\n${task} did not run: ${reason}`);
}

function printComparisons(): void {
  for (const { task, unit, rounds, loops, ratios, aims } of comparisons) {
    console.log(`\n${task}, n = ${rounds}`);
    for (const [name, { time, peakMB }] of Object.entries(loops)) {
      const label = name === 'engine' ? 'Torchwright' : `Python, ${name}`;
      console.log(`  ${label.padEnd(26)}${number(time).padStart(9)} ${unit}  peak ${peakMB.toFixed(0).padStart(5)} MB`);
    }
    const aimed = (aim: number | undefined): string => (aim === undefined ? '' : ` (aim ${aim})`);
    console.log(`  against the usual loop     ${ratios.usual.toFixed(2)} times as fast${aimed(aims.usual)}`);
    console.log(`  against preloaded tensors  ${ratios.preloaded.toFixed(2)} times as fast${aimed(aims.preloaded)}`);
  }
  if (shapes === null) return;
  const load = median(comparisons.map(({ loadSeconds }) => loadSeconds));
  console.log(`\nloading the addon with libtorch  ${(load * 1000).toFixed(0)} ms`);
  const { layers, first } = shapes;
  console.log(
    `shape rules of ${layers} layers       ${shapes.median.toFixed(2)} ms, ${first.toFixed(1)} ms the first time`,
  );
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
