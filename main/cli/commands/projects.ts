import { flowText } from '../../../core/catalogue/shape.ts';
import { resolveProject } from '../../../core/project/project-facts.ts';
import { summarise } from '../../../core/network/summarise.ts';
import { knownData } from '../../../core/project/known-data.ts';
import { FailureError } from '../../../core/failure.ts';
import { locateDataset } from '../../datasets/datasets.ts';
import { listRecipes, openProject } from '../../projects/open-project.ts';
import type { Assignment } from '../../projects/open-project.ts';
import { planProject } from '../../training/plan-project.ts';
import type { PlanSettings } from '../../training/plan-project.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { bytes, count, table } from '../format.ts';
import { openedProject } from '../opened-project.ts';
import type { Output } from '../output.ts';

export async function recipes(output: Output): Promise<ExitCode> {
  const projects = await Promise.all((await listRecipes()).map((name) => openProject(name)));
  if (output.isJson) {
    for (const { name, description, reference, data } of projects) {
      output.json({ name, description, reference, data: data.source });
    }
    return exitCodes.done;
  }
  const rows = projects.map(({ name, data, recipe, reference }) => [
    name,
    data.source,
    String(recipe.epochs),
    reference?.reported ?? '–',
  ]);
  const columns = [
    { title: 'recipe', align: 'left' },
    { title: 'data', align: 'left' },
    { title: 'epochs', align: 'right' },
    { title: 'reported', align: 'left' },
  ] as const;
  for (const line of table(columns, rows)) output.line(line);
  return exitCodes.done;
}

export async function summary(
  output: Output,
  recipeOrFile: string,
  assignments: readonly Assignment[],
): Promise<ExitCode> {
  const project = await openedProject(output, recipeOrFile, assignments);
  const { inputShape } = knownData.get(project.data.source) ?? (await locateDataset(project.data));
  const resolution = resolveProject(project, inputShape);
  if (!resolution.ok) {
    const [failure] = resolution.failures;
    if (failure === undefined) throw new Error('refused without a reason');
    throw new FailureError(failure);
  }
  const { modules, totals } = summarise(resolution.network);
  if (output.isJson) {
    output.json({ modules, totals });
    return exitCodes.done;
  }
  const columns = [
    { title: 'module', align: 'left' },
    { title: 'type', align: 'left' },
    { title: 'input', align: 'left' },
    { title: 'output', align: 'left' },
    { title: 'parameters', align: 'right' },
    { title: 'multiply-adds', align: 'right' },
  ] as const;
  const rows = modules.map((module) => [
    module.key || '–',
    module.type,
    flowText(module.inputs),
    flowText(module.outputs),
    count(module.parameters) + (module.trainable < module.parameters ? ' frozen' : ''),
    count(module.multiplyAdds),
  ]);
  for (const line of table(columns, rows)) output.line(line);
  output.line();
  output.line(
    `${count(totals.parameters)} parameters (${count(totals.trainable)} trained), ${count(totals.multiplyAdds)} ` +
      `multiply-adds and ${bytes(totals.activationBytes)} of activations per sample`,
  );
  return exitCodes.done;
}

/** The engine's own input, for the executable that runs without Node. */
export async function plan(
  output: Output,
  recipeOrFile: string,
  assignments: readonly Assignment[],
  settings: Partial<PlanSettings> & { readonly device: string },
): Promise<ExitCode> {
  const project = await openedProject(output, recipeOrFile, assignments);
  const planned = await planProject(project, { ...settings, seed: project.recipe.seed ?? 0 });
  const device = { auto: 'cpu', cuda: 'cuda:0' }[settings.device] ?? settings.device;
  output.json({ ...planned.plan, device });
  return exitCodes.done;
}
