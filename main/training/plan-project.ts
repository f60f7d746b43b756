import { FailureError } from '../../core/failure.ts';
import type { Project } from '../../core/project/project.ts';
import { makePlan } from '../../core/training/make-plan.ts';
import type { PlanFacts } from '../../core/training/make-plan.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { DatasetFacts } from '../../core/training/run-data.ts';
import { locateDataset } from '../datasets/datasets.ts';
import type { LocatedDataset } from '../datasets/datasets.ts';
import type { OnProgress } from '../datasets/progress.ts';
import { defaultThreads } from '../threads.ts';

export interface PlanSettings {
  /** Absent: what this machine does best. */
  readonly threads?: number;
  readonly seed: number;
}

export interface PlannedProject {
  /** Its device is the CPU: the engine process puts its own choice in place. */
  readonly plan: Plan;
  readonly classNames: readonly string[];
  /** Of a table; empty otherwise. */
  readonly columnNames: readonly string[];
  /** Of a table; empty otherwise. */
  readonly targetNames: readonly string[];
}

/** Finds the project's data and decides everything that the engine is to be given. */
export async function planProject(
  project: Project,
  {
    onProgress,
    ...settings
  }: PlanSettings & { /** Told while data of one's own are read. */ readonly onProgress?: OnProgress },
): Promise<PlannedProject & { readonly located: LocatedDataset }> {
  const located = await locateDataset(project.data, onProgress);
  return { ...(await planWith(project, located, settings)), located };
}

/** The same for data that are known already. */
export async function planWith(
  project: Project,
  data: DatasetFacts & Pick<PlanFacts, 'train' | 'test' | 'normalise' | 'trainSamples'>,
  settings: PlanSettings,
): Promise<PlannedProject> {
  const { inputShape, classNames, columnNames, targetNames, values, targets, targetStatistics } = data;
  const { train, test, normalise, trainSamples } = data;
  const result = makePlan(project, {
    inputShape,
    classes: classNames.length,
    values,
    ...(targets === undefined ? {} : { targets }),
    ...(targetStatistics === undefined ? {} : { targetStatistics }),
    ...(normalise === undefined ? {} : { normalise }),
    ...(trainSamples === undefined ? {} : { trainSamples }),
    train,
    test,
    device: 'cpu',
    threads: settings.threads ?? (await defaultThreads()),
    seed: settings.seed,
    shuffle: true,
  });
  if (result.ok) return { plan: result.plan, classNames, columnNames, targetNames };
  const [failure] = result.failures;
  if (failure === undefined) throw new Error('refused without a reason');
  throw new FailureError(failure);
}
