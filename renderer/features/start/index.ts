/** What other places use of this one. */

export { usePickRecipe } from './pick-recipe.ts';
