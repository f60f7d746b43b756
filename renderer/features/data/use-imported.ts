import { lossType } from '../../../core/catalogue/losses/losses.ts';
import type { ImportedDataset } from '../../../core/contract/data.ts';
import type { DataSettings, Project } from '../../../core/project/project.ts';

/**
 * The project on these data. What only images have is left away for others, and scaling by pixels gives way to mean
 * and deviation. `before`: those that it had, if they were imported.
 */
export function onImported(project: Project, dataset: ImportedDataset, before: ImportedDataset | null): Project {
  const { source, settings, values, inputShape, task } = dataset;
  const { augment, normalise } = project.data;
  const areImages = values === 'bytes' && inputShape.length === 3;
  const data: DataSettings = {
    source,
    ...(Object.keys(settings).length > 0 ? { import: settings } : {}),
    normalise: areImages ? normalise : { kind: 'zscore' },
    ...(areImages && augment !== undefined ? { augment } : {}),
  };
  return withLossOf({ ...project, data }, task, before?.task);
}

type Task = ImportedDataset['task'];

/**
 * A loss of classes cannot be used with numbers, so nobody chose it for a regression; and one that was used with the
 * numbers of a regression `before` was not chosen for classes.
 */
export function withLossOf(project: Project, task: Task, before: Task | undefined): Project {
  const { recipe } = project;
  if (recipe.kind !== 'supervised') return project;
  const isOfNumbers = lossType(recipe.loss.type).takesNumbers === true;
  const isRegression = task === 'regression';
  const isOther = isRegression ? !isOfNumbers : isOfNumbers && before === 'regression';
  if (!isOther) return project;
  return { ...project, recipe: { ...recipe, loss: { type: isRegression ? 'MSE' : 'CrossEntropy' } } };
}
