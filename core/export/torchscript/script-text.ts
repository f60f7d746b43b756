import type { LayerOptionValue } from '../../catalogue/layer-type.ts';

/** Options as TorchScript writes them. */
export function scriptValue(value: LayerOptionValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `"${value}"`;
  return typeof value === 'number' ? String(value) : scriptList(value);
}

export function scriptList(values: readonly (number | string)[]): string {
  return `[${values.join(', ')}]`;
}
