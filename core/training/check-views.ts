import { FailureError } from '../failure.ts';
import { partsOf } from '../network/resolved.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import type { Recipe } from '../project/project.ts';
import type { InputValues } from './plan-normalise.ts';

const at = 'recipe.evaluateViews';

/** Throws a FailureError where there are no such views of a sample. */
export function refuseMisfittingViews(
  recipe: Recipe,
  inputShape: readonly number[],
  values: InputValues = { kind: 'bytes' },
): void {
  if (recipe.kind !== 'supervised' || recipe.evaluateViews === undefined) return;
  if (values.kind !== 'bytes' || inputShape.length !== 3) refuse('is for images, but the samples are not images');
  const [, height = 1, width = 1] = inputShape;
  if (recipe.evaluateViews === 'mirroredAndShifted' && Math.min(height, width) < 2) {
    refuse(`shifts images by one pixel with reflection, but images of ${height}×${width} have nothing to reflect`);
  }
}

/** Throws a FailureError where a network's state would go on from one view of an image to the next. */
export function refuseViewsWithState(recipe: Recipe, network: ResolvedNode): void {
  if (recipe.kind !== 'supervised' || recipe.evaluateViews === undefined) return;
  const found = carrying(network);
  if (found !== undefined) {
    refuse(`cannot be used with ${found.path}, which carries its state on. Set its carry to false`);
  }
}

function carrying(node: ResolvedNode): ResolvedNode | undefined {
  if (node.type === 'Recurrent' && node.carry) return node;
  return partsOf(node)
    .map(carrying)
    .find((found) => found !== undefined);
}

function refuse(sentence: string): never {
  throw new FailureError({ code: 'badProject', message: `${at} ${sentence}.`, at });
}
