/** What a recipe may have a network's outputs for a test image averaged over, instead of the image alone. */
export const evaluateViewTypes = [
  {
    name: 'mirrored',
    title: 'two, mirrored',
    views: 2,
    words: 'each image and its mirror image',
  },
  {
    name: 'mirroredAndShifted',
    title: 'six, shifted',
    views: 6,
    words: 'each image, the image shifted by one pixel along a diagonal, and the mirror images of these',
  },
] as const;

export type EvaluateViews = (typeof evaluateViewTypes)[number]['name'];

/** A recipe, or the training that a plan or an event has of it. */
interface WithViews {
  readonly evaluateViews?: EvaluateViews | 'plain';
}

/** How often the network computes a test image. */
export function viewCount(recipe: object): number {
  return typeOf(recipe)?.views ?? 1;
}

/** Beside every figure of the test set that is of more than the plain images; null: nothing is to be said. */
export function viewsInWords(recipe: object): string | null {
  const type = typeOf(recipe);
  return type === undefined ? null : `outputs averaged over ${type.views} views: ${type.words}`;
}

function typeOf(recipe: WithViews): (typeof evaluateViewTypes)[number] | undefined {
  return evaluateViewTypes.find(({ name }) => name === recipe.evaluateViews);
}
