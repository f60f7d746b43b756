import { int, float, text } from '../model.ts';
import { isSet } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import { matricesAlong } from './along-axes.ts';
import { meanMatrices } from './adaptive-pooling.ts';
import { curveMatrix, nearestPlaces } from './resize-places.ts';
import type { Placing } from './resize-places.ts';

export const resize: Readonly<Record<string, LayerWriter>> = { Upsample: resized, Interpolate: resized };

/**
 * ONNX's Resize where it computes what PyTorch does: twice as large and the like, and curves through neighbours of
 * images. Elsewhere runtimes round differently, so the places and weights are written down.
 */
function resized(layer: LayerToWrite, x: string): string {
  const { graph, resolved, options } = layer;
  const [channels, ...sizes] = resolved.input;
  const wanted = resolved.output.slice(1);
  const mode = options['mode'] as string;
  if (mode === 'area') return matricesAlong(graph, x, [channels!], sizes, meanMatrices(sizes, wanted));
  const isWholeFactor = wanted.every((size, side) => size % sizes[side]! === 0);
  if (mode.startsWith('nearest')) {
    return isWholeFactor ? enlarged(layer, x, 'nearest') : nearest(layer, x);
  }
  const isImage = sizes.length === 2;
  const keepsPlain = options['antialias'] !== true && !isSet(layer, 'align_corners') && isWholeFactor;
  if (isImage && keepsPlain) return enlarged(layer, x, mode === 'bicubic' ? 'cubic' : 'linear');
  const matrices = sizes.map((size, side) =>
    size === wanted[side] && options['antialias'] !== true && placingOf(layer, side).factor === null
      ? null
      : curveMatrix(size, wanted[side]!, placingOf(layer, side), mode === 'bicubic', options['antialias'] === true),
  );
  return matricesAlong(graph, x, [channels!], sizes, matrices);
}

/** A whole number of times larger. By factors: by sizes, that of the batch would have to be known. */
function enlarged({ graph, resolved }: LayerToWrite, x: string, mode: 'nearest' | 'linear' | 'cubic'): string {
  const factors = resolved.output.slice(1).map((size, side) => size / resolved.input[side + 1]!);
  return graph.node('Resize', [x, '', graph.floats([factors.length + 2], [1, 1, ...factors])], {
    mode: text(mode),
    coordinate_transformation_mode: text(mode === 'nearest' ? 'asymmetric' : 'half_pixel'),
    nearest_mode: text('floor'),
    cubic_coeff_a: float(-0.75),
  });
}

function nearest(layer: LayerToWrite, x: string): string {
  const { graph, resolved, options } = layer;
  const isExact = options['mode'] === 'nearest-exact';
  let made = x;
  for (const [side, size] of resolved.input.slice(1).entries()) {
    const wanted = resolved.output[side + 1]!;
    const places = nearestPlaces(size, wanted, placingOf(layer, side), isExact);
    made = graph.node('Gather', [made, graph.ints(places)], { axis: int(side + 2) });
  }
  return made;
}

/** Unless told otherwise the factor itself places the elements, not the quotient of the sizes. */
function placingOf({ options }: LayerToWrite, side: number): Placing {
  const factors = options['scale_factor'] as readonly number[] | null;
  const isAnew = options['recompute_scale_factor'] === true;
  const factor = factors === null || isAnew ? null : (factors.length === 1 ? factors[0] : factors[side])!;
  return { factor, alignsCorners: options['align_corners'] === true };
}
