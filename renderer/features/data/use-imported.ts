import { lossType } from '../../../core/catalogue/losses/losses.ts';
import type { ImportedDataset } from '../../../core/contract/data.ts';
import type { DataSettings, Project } from '../../../core/project/project.ts';

/**
 * The project on these data. What only images have is left away for others, and scaling by pixels gives way to mean
 * and deviation.
 */
export function onImported(project: Project, dataset: ImportedDataset): Project {
  const { source, settings, values, inputShape, task } = dataset;
  const { augment, normalise } = project.data;
  const areImages = values === 'bytes' && inputShape.length === 3;
  const data: DataSettings = {
    source,
    ...(Object.keys(settings).length > 0 ? { import: settings } : {}),
    normalise: areImages ? normalise : { kind: 'zscore' },
    ...(areImages && augment !== undefined ? { augment } : {}),
  };
  const { recipe } = project;
  // A loss of classes cannot be used with numbers, so nobody chose it for these data.
  const isOfClasses = recipe.kind === 'supervised' && lossType(recipe.loss.type).takesNumbers !== true;
  if (isOfClasses && task === 'regression') return { ...project, data, recipe: { ...recipe, loss: { type: 'MSE' } } };
  return { ...project, data };
}
