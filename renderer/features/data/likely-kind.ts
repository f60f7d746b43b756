import type { ImportedDataset } from '../../../core/contract/data.ts';
import type { DataSettings } from '../../../core/project/project.ts';

/** What data that are not imported here most likely are, by the project's settings and the name; null: it is open. */
export function likelyKind({
  source,
  import: settings = {},
}: Pick<DataSettings, 'source' | 'import'>): ImportedDataset['kind'] | null {
  if (settings.target !== undefined || /\.[ct]sv$/i.test(source)) return 'table';
  const { size, fit, background } = settings;
  return [size, fit, background].some((setting) => setting !== undefined) ? 'images' : null;
}
