import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Project } from '../../../core/project/project.ts';
import { withoutDropout } from '../../../core/training/without-dropout.ts';
import { runInEngine } from '../../engine/engine-host.ts';
import type { FirstStep } from '../../engine/messages.ts';
import { resourcesFolder } from '../../paths.ts';
import { listRecipes, openProject } from '../../projects/open-project.ts';
import { planProject } from '../../training/plan-project.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { count, counted } from '../format.ts';
import type { Output } from '../output.ts';

const spread = z.object({ mean: z.number(), deviation: z.number() });
const expectation = z.object({
  parameters: z.number(),
  batch: z.number(),
  loss: spread,
  generatorLoss: spread.exactOptional(),
});
/** Made by test/baselines/first_losses.py. */
const checkFile = z.object({ torch: z.string(), seeds: z.number(), recipes: z.record(z.string(), expectation) });

type Expectation = z.infer<typeof expectation>;
type Spread = z.infer<typeof spread>;

/** Standard deviations between a loss of ours and Python PyTorch's mean; and some room where its spread is tiny. */
const most = { deviations: 6, share: 0.01 };

/**
 * Trains one step of every recipe on real data and holds parameters and first loss against a table by Python PyTorch:
 * of the first batch in file order, without dropout and augmentation, from weights as the recipe initialises them.
 */
export async function checkRecipes(output: Output): Promise<ExitCode> {
  const text = await readFile(path.join(resourcesFolder, 'recipe-check.json'), 'utf8');
  const { torch, seeds, recipes } = checkFile.parse(JSON.parse(text));
  if (!output.isJson)
    output.line(`One step of each recipe, compared with Python PyTorch ${torch} (mean ± deviation of ${seeds} seeds)`);
  let failures = 0;
  for (const name of await listRecipes()) {
    const expected = recipes[name];
    const found = expected && (await firstStepOf(await openProject(name), expected));
    const isGood = expected !== undefined && found !== undefined && agrees(found, expected);
    if (!isGood) failures += 1;
    if (output.isJson) output.json({ recipe: name, expected: expected ?? null, found: found ?? null, isGood });
    else output.line(lineOf(name, expected, found, isGood));
  }
  if (!output.isJson)
    output.line(
      failures === 0 ? 'All agree.' : `${counted(failures, 'recipe')} ${failures === 1 ? 'differs' : 'differ'}.`,
    );
  return failures === 0 ? exitCodes.done : exitCodes.failed;
}

async function firstStepOf(project: Project, { batch }: Expectation): Promise<FirstStep> {
  const { recipe } = project;
  const plain: Project = {
    ...project,
    data: { ...project.data, augment: {} },
    recipe:
      recipe.kind === 'supervised' ? { ...recipe, batchSize: batch, accumulate: 1 } : { ...recipe, batchSize: batch },
  };
  const { plan } = await planProject(plain, { seed: recipe.seed ?? 0 });
  const inOrder = { ...plan, data: { ...plan.data, shuffle: false }, network: withoutDropout(plan.network) };
  const { schedule, epochs } = recipe;
  return runInEngine({ kind: 'firstStep', plan: inOrder, device: 'cpu', schedule, epochs }).result;
}

function agrees(found: FirstStep, expected: Expectation): boolean {
  const { generatorLoss } = expected;
  return (
    found.parameters === expected.parameters &&
    isNear(found.loss, expected.loss) &&
    (generatorLoss === undefined || isNear(found.generatorLoss ?? NaN, generatorLoss))
  );
}

function isNear(value: number, { mean, deviation }: Spread): boolean {
  return Math.abs(value - mean) <= most.deviations * deviation + most.share * mean;
}

function lineOf(
  name: string,
  expected: Expectation | undefined,
  found: FirstStep | undefined,
  isGood: boolean,
): string {
  if (expected === undefined || found === undefined) return `  ${name.padEnd(20)} is not in the table`;
  const { mean, deviation } = expected.loss;
  const parameters =
    found.parameters === expected.parameters
      ? count(found.parameters)
      : `${count(found.parameters)} instead of ${count(expected.parameters)}`;
  const loss = `loss ${found.loss.toFixed(3)} (${mean.toFixed(3)} ± ${deviation.toFixed(3)})`;
  return `  ${name.padEnd(20)} ${parameters.padStart(12)} parameters  ${loss}  ${isGood ? 'agrees' : 'DIFFERS'}`;
}
