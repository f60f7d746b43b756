import type { Project } from '../../core/project/project.ts';
import { planNormalise } from '../../core/training/plan-normalise.ts';
import type { InputValues } from '../../core/training/plan-normalise.ts';
import { changedData } from '../../core/training/run-data.ts';
import { locateDataset } from '../datasets/datasets.ts';
import type { OnProgress } from '../datasets/progress.ts';
import type { Assignment } from './open-project.ts';

export interface FittedProject {
  readonly project: Project;
  /** Whole sentences: what was changed, or looks wrong. */
  readonly notes: readonly string[];
}

/** Below this deviation a network sees inputs that are nearly all the same. */
const hardlyVaries = 0.02;

/**
 * A recipe scales the bytes of its own images. Where `assignments` put data of other numbers in their place and do not
 * say how to scale them, their mean and deviation are used, as the window does it.
 */
export async function fitToData(
  project: Project,
  assignments: readonly Assignment[],
  onProgress?: OnProgress,
): Promise<FittedProject> {
  const isAssigned = (place: string): boolean =>
    assignments.some(({ path }) => path === place || path.startsWith(`${place}.`));
  const { values, inputShape, changes } = await locateDataset(project.data, onProgress);
  const changed = changes === undefined ? [] : [changedData(project.data.source, changes)];
  if (values.kind === 'bytes') return { project, notes: changed };
  if (project.data.normalise.kind === 'affine' && isAssigned('data.source') && !isAssigned('data.normalise')) {
    return {
      project: { ...project, data: { ...project.data, normalise: { kind: 'zscore' } } },
      notes: [
        ...changed,
        'The data are numbers, not bytes of images: the mean and standard deviation of the training samples replace the scale of the ' +
          'recipe. Set data.normalise to scale them otherwise.',
      ],
    };
  }
  return { project, notes: [...changed, ...hardlyVarying(project, values, inputShape)] };
}

function hardlyVarying({ data }: Project, values: InputValues, inputShape: readonly number[]): readonly string[] {
  if (data.normalise.kind !== 'affine' || values.statistics === undefined) return [];
  const planned = planNormalise(data.normalise, inputShape[0] ?? 1, values);
  if (planned.kind === 'computed') return [];
  const deviations = values.statistics.std.map((std, channel) => std * Math.abs(planned.scale[channel]!));
  const greatest = Math.max(...deviations);
  if (!(greatest < hardlyVaries)) return [];
  return [
    `After data.normalise the samples hardly vary: their standard deviation is at most ${greatest.toPrecision(2)}. Set ` +
      'data.normalise.kind to zscore to scale them by their own mean and standard deviation.',
  ];
}
