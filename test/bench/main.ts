// `npm run bench [-- NAME …]`: our engine against Python PyTorch on this machine, paired: in every round each program
// runs once, one after another, in processes of their own. Medians, and medians of the rounds' ratios. Then the window,
// as built, in Electron: its start, memory, cost and stalls. docs/bench.md says how to read it.
import { cpus, totalmem } from 'node:os';
import { hasBfloat16 } from '../../core/training/decide-precision.ts';
import { runInEngine } from '../../main/engine/engine-host.ts';
import { planProject } from '../../main/training/plan-project.ts';
import { compareRounds, ours, programsOf } from './comparison.ts';
import type { Comparison, Program, Round } from './comparison.ts';
import { printFigures } from './figure.ts';
import type { MeasuredTask } from './figure.ts';
import { measureEngine, measurePython } from './measure.ts';
import type { Measured } from './measure.ts';
import { median } from '../../core/training/median.ts';
import { readOptions, usage } from './options.ts';
import { pythonWithTorch } from './python.ts';
import { comparisonLines, machineLine, problemLine } from './report.ts';
import type { Machine, Problem } from './report.ts';
import { measureShapes } from './shapes.ts';
import { projectOf, tasks, titleOf } from './tasks.ts';
import type { Task } from './tasks.ts';
import { prepareWindow, windowTasks } from './window/tasks.ts';

const { ensureEngine } = (await import(new URL('../../setup/engine.mjs', import.meta.url).href)) as {
  readonly ensureEngine: () => Promise<void>;
};

const names = [...new Set([...tasks, ...windowTasks].map(({ name }) => name))];
const read = readOptions(process.argv.slice(2), names);
if (read.kind === 'help') {
  console.log(usage(names));
  process.exit(0);
}
if (read.kind === 'refused') {
  say(read.sentence);
  process.exit(2);
}
const { options } = read;
await ensureEngine();

const problems: Problem[] = [];
const machine = await inspectMachine();
print(`${machineLine(machine)}; Python PyTorch 2.13.0; medians`);
const comparisons = await compareAll(tasks.filter(isChosen));
const shapes = comparisons.length > 0 ? await unlessProblem('shape rules', measureShapes) : null;
printLoading();
const windows = await measureWindows(windowTasks.filter(isChosen));
if (options.isJson) console.log(JSON.stringify({ machine, comparisons, shapes, windows, problems }, null, 2));
for (const problem of problems) print(`\n${problemLine(problem)}`);
if (problems.length > 0) process.exitCode = 1;

function say(text: string): void {
  console.error(text);
}

/** Of every task as soon as it is done: who stops the bench keeps what was measured. */
function print(text: string): void {
  if (!options.isJson) console.log(text);
}

function isChosen({ name }: { readonly name: string }): boolean {
  return options.names === null || options.names.includes(name);
}

async function inspectMachine(): Promise<Machine> {
  const inspection = await unlessProblem('the look at the processor', () => runInEngine({ kind: 'inspect' }).result);
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    instructions: inspection?.versions.instructions ?? [],
    cpuCapability: inspection?.versions.cpuCapability ?? 'unknown',
    threads: options.threads,
    memoryMB: Math.round(totalmem() / 1e6),
  };
}

/** In order, one after another. */
async function compareAll(chosen: readonly Task[]): Promise<readonly Comparison[]> {
  if (chosen.length === 0) return [];
  let refusal = 'There is no Python with PyTorch.';
  const python = await pythonWithTorch((text) => say((refusal = text)));
  if (python === null) {
    problems.push(...chosen.map((task) => ({ task: titleOf(task), reason: refusal })));
    return [];
  }
  const comparisons: Comparison[] = [];
  for (const task of chosen) {
    if (task.precision === 'bfloat16' && !hasBfloat16(machine.instructions)) {
      print(`\n${titleOf(task)} is left out: the processor has no instructions for it.`);
      continue;
    }
    const comparison = await unlessProblem(titleOf(task), () => compare(task, python));
    if (comparison === null) continue;
    comparisons.push(comparison);
    print(`\n${comparisonLines(comparison).join('\n')}`);
  }
  return comparisons;
}

/** A task that cannot run, for instance for want of its data, is reported and leaves the others their results. */
async function unlessProblem<Result>(task: string, work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(problemLine({ task, reason }));
    problems.push({ task, reason });
    return null;
  }
}

async function measureWindows(chosen: readonly (typeof windowTasks)[number][]): Promise<readonly MeasuredTask[]> {
  const prepared = chosen.length === 0 ? null : await unlessProblem('the window', prepareWindow);
  const measured: MeasuredTask[] = [];
  for (const { name, rounds, measure } of prepared === true ? chosen : []) {
    say(`${name} …`);
    const task = await unlessProblem(name, () => measure(options.rounds ?? rounds));
    if (task === null) continue;
    measured.push(task);
    if (!options.isJson) printFigures(task);
  }
  return measured;
}

async function compare(task: Task, python: string): Promise<Comparison> {
  const count = options.rounds ?? task.rounds;
  const { plan } = await planProject(await projectOf(task), { seed: 0 });
  const files = plan.data.train;
  const { threads } = options;
  const measure = (program: Program): Promise<Measured> => {
    if (program === ours) return measureEngine(task, threads);
    if (program === 'preloaded') return measurePython({ python, kind: 'preloaded', workers: 0, files }, task, threads);
    const workers = program === 'usual, 2 workers' ? 2 : 0;
    return measurePython({ python, kind: 'usual', workers, files }, task, threads);
  };
  const rounds: Round[] = [];
  for (let round = 1; round <= count; round++) {
    say(`${titleOf(task)}: round ${round} of ${count}`);
    const measured: Partial<Record<Program, Measured>> = {};
    for (const program of programsOf(task, round)) measured[program] = await measure(program);
    rounds.push(measured);
  }
  return compareRounds(task, rounds, machine.instructions);
}

function printLoading(): void {
  if (shapes === null) return;
  const load = median(comparisons.map(({ loadSeconds }) => loadSeconds));
  print(`\nloading the addon with libtorch  ${(load * 1000).toFixed(0)} ms`);
  const { layers, first } = shapes;
  print(`shape rules of ${layers} layers       ${shapes.median.toFixed(2)} ms, ${first.toFixed(1)} ms the first time`);
}
