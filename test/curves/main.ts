// `npm run curves -- RECIPE STEPS [BATCH]`: the loss of every step of a recipe's first epoch in our engine and in Python
// PyTorch, from the same weights and batches (file order), without augmentation and dropout. Writes both beside the
// recipes' table: resources/recipes/curves/RECIPE.json and .svg.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Project, SupervisedRecipe } from '../../core/project/project.ts';
import { ratesOfEpoch } from '../../core/schedule/rates.ts';
import type { Plan } from '../../core/training/plan.ts';
import { withoutDropout } from '../../core/training/without-dropout.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { recipesFolder } from '../../main/paths.ts';
import { openProject } from '../../main/projects/open-project.ts';
import { defaultThreads } from '../../main/threads.ts';
import { planProject } from '../../main/training/plan-project.ts';
import { pythonWithTorch } from '../bench/python.ts';
import { drawCurves } from './draw.ts';

const [name = '', words = '200', batchWords] = process.argv.slice(2);
const steps = Number(words);
const project = await underConditions(name);
const { batchSize } = project.recipe;
const threads = await defaultThreads();
const python = await pythonWithTorch((text) => console.error(text));
if (python === null) process.exit(1);

const scratch = await mkdtemp(path.join(tmpdir(), 'torchwright-curves-'));
try {
  const start = path.join(scratch, 'start.safetensors');
  const { plan } = await planProject(project, { seed: 0, threads });
  const ours = await trainHere(plan, start);
  console.error(`${name}: our ${steps} steps are done`);
  const theirs = await trainInPython(python, plan, ours, start);
  await keep(ours.losses, theirs);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function underConditions(recipe: string): Promise<Project> {
  const opened = await openProject(recipe);
  const settings = opened.recipe as SupervisedRecipe;
  return {
    ...opened,
    data: { ...opened.data, augment: {} },
    recipe: { ...settings, batchSize: batchWords === undefined ? settings.batchSize : Number(batchWords) },
  };
}

/** The weights it began with are left in `start`. */
async function trainHere(plan: Plan, start: string) {
  const fixed = { ...plan, data: { ...plan.data, shuffle: false }, network: withoutDropout(plan.network) };
  const session = await loadAddon().createSession(JSON.stringify(fixed));
  await session.saveWeights(start);
  const { stepsPerEpoch, parameters } = session.describe();
  const { schedule, epochs } = project.recipe;
  const rates = ratesOfEpoch(schedule, 0, { epochs, stepsPerEpoch });
  if (rates.length < steps) throw new Error(`an epoch of ${name} has only ${rates.length} steps`);
  const { batchLosses } = await session.train({ learningRates: rates, maxSteps: steps }, () => undefined);
  await session.close();
  return {
    losses: [...batchLosses.subarray(0, steps)],
    rates: [...rates.subarray(0, steps)],
    names: parameters.map((parameter) => parameter.name),
  };
}

function trainInPython(
  program: string,
  { data }: Plan,
  { rates, names }: { readonly rates: readonly number[]; readonly names: readonly string[] },
  start: string,
): Promise<number[]> {
  const script = fileURLToPath(new URL('curves.py', import.meta.url));
  const given = { name, names, rates, batchSize, threads, start, files: data.train };
  return new Promise((resolve, reject) => {
    const child = spawn(program, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stdin.end(JSON.stringify(given));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as number[]);
      else reject(new Error(`curves.py ended with ${code ?? 'a signal'}`));
    });
  });
}

async function keep(ours: readonly number[], theirs: readonly number[]): Promise<void> {
  const folder = path.join(recipesFolder, 'curves');
  await mkdir(folder, { recursive: true });
  const rounded = (losses: readonly number[]): number[] => losses.map((loss) => Number(loss.toPrecision(7)));
  const curves = { recipe: name, batchSize, ours: rounded(ours), python: rounded(theirs) };
  await writeFile(path.join(folder, `${name}.json`), `${JSON.stringify(curves)}\n`);
  await writeFile(path.join(folder, `${name}.svg`), drawCurves(name, batchSize, ours, theirs));
  const apart = ours.map((loss, step) => Math.abs(loss - theirs[step]!) / theirs[step]!);
  const part = apart.findIndex((difference) => difference > 1e-3);
  const mean = (losses: readonly number[]): string =>
    (losses.slice(-50).reduce((sum, loss) => sum + loss, 0) / Math.min(50, losses.length)).toFixed(4);
  console.log(
    `${name}, ${steps} steps of ${batchSize}: ${part < 0 ? 'never more than' : `within`} 1e-3 of each other${part < 0 ? '' : ` until step ${part}`}; mean of the last 50: ours ${mean(ours)}, Python ${mean(theirs)}`,
  );
}
