import type { ImportedDataset } from '../../../core/contract/data.ts';
import type { DataSettings, Project } from '../../../core/project/project.ts';

/**
 * The project on these data. What only images have is left away for others, and scaling by pixels gives way to mean
 * and deviation.
 */
export function onImported(project: Project, dataset: ImportedDataset): Project {
  const { source, settings, values, inputShape } = dataset;
  const { augment, import: _before, ...kept } = project.data;
  const areImages = values === 'bytes' && inputShape.length === 3;
  const data: DataSettings = {
    ...kept,
    source,
    ...(Object.keys(settings).length > 0 ? { import: settings } : {}),
    ...(areImages ? {} : { normalise: { kind: 'zscore' } as const }),
    ...(areImages && augment !== undefined ? { augment } : {}),
  };
  return { ...project, data };
}
