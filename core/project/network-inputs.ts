import type { Flow, Shape } from '../catalogue/shape.ts';
import type { NetworkName } from '../network/tree.ts';
import type { Project } from './project.ts';

/** What flows into a network of the project, for one sample of data shaped like `sample`. The number of a class has no dimensions. */
export function networkInputs({ recipe }: Pick<Project, 'recipe'>, name: NetworkName, sample: Shape): Flow {
  if (recipe.kind === 'supervised') return [sample];
  const first = name === 'main' ? recipe.noise : sample;
  return recipe.conditional === true ? [first, []] : [first];
}
