import { FailureError } from '../../core/failure.ts';
import type { Project } from '../../core/project/project.ts';
import { makePlan } from '../../core/training/make-plan.ts';
import type { Plan } from '../../core/training/plan.ts';
import { locateDataset } from '../datasets/datasets.ts';
import type { OnProgress } from '../datasets/progress.ts';
import { defaultThreads } from '../threads.ts';

export interface PlanSettings {
  /** Absent: what this machine does best. */
  readonly threads?: number;
  readonly seed: number;
  /** Told while data of one's own are read. */
  readonly onProgress?: OnProgress;
}

export interface PlannedProject {
  /** Its device is the CPU: the engine process puts its own choice in place. */
  readonly plan: Plan;
  readonly classNames: readonly string[];
}

/** Finds the project's data and decides everything that the engine is to be given. */
export async function planProject(project: Project, settings: PlanSettings): Promise<PlannedProject> {
  const located = await locateDataset(project.data, settings.onProgress);
  const result = makePlan(project, {
    inputShape: located.inputShape,
    classes: located.classNames.length,
    values: located.values,
    ...(located.targets === undefined ? {} : { targets: located.targets }),
    train: located.train,
    test: located.test,
    device: 'cpu',
    threads: settings.threads ?? (await defaultThreads()),
    seed: settings.seed,
    shuffle: true,
  });
  if (result.ok) return { plan: result.plan, classNames: located.classNames };
  const [failure] = result.failures;
  if (failure === undefined) throw new Error('refused without a reason');
  throw new FailureError(failure);
}
