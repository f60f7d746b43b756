import type { LayerOptions } from '../../catalogue/layer-type.ts';
import type { ResolvedLayer } from '../../network/resolved.ts';
import type { StoredTensor } from '../../weights/stored-tensor.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** Adds the nodes that compute a layer in evaluation mode; gives the name of what they make. */
export type LayerWriter = (layer: LayerToWrite, x: string, ...more: readonly string[]) => string;

export interface LayerToWrite {
  readonly graph: GraphBuilder;
  readonly resolved: ResolvedLayer;
  readonly options: LayerOptions;
  /** The initialiser with one of the layer's own names, `weight`; undefined where it has none of that name. */
  readonly weight: (name: string) => string | undefined;
  readonly has: (name: string) => boolean;
  /** A weight as it is stored, without an initialiser. Throws where the layer has none of that name. */
  readonly stored: (name: string) => StoredTensor;
  /** An initialiser made of the layer's weights, under a name of the layer's; made once, also where it computes twice. */
  readonly made: (name: string, make: () => Pick<StoredTensor, 'shape' | 'data'>) => string;
}

/** A weight that the layer has. */
export function required(layer: LayerToWrite, name: string): string {
  const found = layer.weight(name);
  if (found === undefined) throw new Error(`${layer.resolved.path} has no ${name}`);
  return found;
}

/** Options as the catalogue promises them. */
export function numberOf({ options }: LayerToWrite, name: string): number {
  return options[name] as number;
}

export function listOf({ options }: LayerToWrite, name: string): readonly number[] {
  return options[name] as readonly number[];
}

export function isSet({ options }: LayerToWrite, name: string): boolean {
  return options[name] === true;
}

/** A dimension that may be counted from the end, of what `rank` sizes a sample has; the batch is 0. */
export function axisOf(dimension: number, rank: number): number {
  return dimension < 0 ? dimension + rank + 1 : dimension;
}
