import type { RecipeDescription } from '../../../core/contract/projects.ts';
import { resolveProject } from '../../../core/project/project-facts.ts';
import { summarise } from '../../../core/network/summarise.ts';
import { knownData } from '../../../core/project/known-data.ts';

export interface RecipeFacts {
  readonly name: string;
  readonly description: string | null;
  readonly data: string;
  /** Two networks against each other. */
  readonly isAdversarial: boolean;
  readonly epochs: number;
  readonly parameters: number | null;
  readonly multiplyAdds: number | null;
  /** Fraction, as its author reported. */
  readonly accuracy: number | null;
  readonly reported: string | null;
}

export function recipeFacts({ name, description, reference, project }: RecipeDescription): RecipeFacts {
  const facts = knownData.get(project.data.source);
  const resolution = facts && resolveProject(project, facts.inputShape);
  const totals = resolution?.ok === true ? summarise(resolution.network).totals : null;
  return {
    name,
    description,
    data: project.data.source,
    isAdversarial: project.recipe.kind === 'adversarial',
    epochs: project.recipe.epochs,
    parameters: totals?.parameters ?? null,
    multiplyAdds: totals?.multiplyAdds ?? null,
    accuracy: reference?.accuracy ?? null,
    reported: reference?.reported ?? null,
  };
}

/** The recipe a newcomer should try: trained within a minute on any machine. */
export const firstRecipe = 'mnist-logit';
