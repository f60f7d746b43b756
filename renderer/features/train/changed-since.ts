import type { Precision, Project } from '../../../core/project/project.ts';
import { inOneOrder } from '../project/in-one-order.ts';

/** What of a project is not what a run goes on with. */
export interface ChangedSince {
  readonly isNetwork: boolean;
  readonly isData: boolean;
  /** Addresses of the recipe's settings. */
  readonly settings: readonly string[];
}

/** Where a run is resumed, these have controls of their own that show what it goes on with. */
const shownThere = ['schedule', 'epochs'];

/**
 * `trained`: as the run has it. What the project leaves to the training, and the run has decided, is no change.
 * `precision`: decided by a run that its project left it to; null: by none.
 */
export function changedSince(trained: Project, now: Project, precision: Precision | null = null): ChangedSince {
  const recipes = [trained.recipe, now.recipe].map((recipe) => new Map<string, unknown>(Object.entries(recipe)));
  const [before, after] = [recipes[0]!, recipes[1]!];
  const isLeftOpen = (name: string): boolean =>
    (name === 'seed' && !after.has(name)) ||
    (name === 'precision' && (after.get(name) === 'auto' || (after.get(name) ?? 'float32') === precision));
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return {
    isNetwork: differ([trained.networks, trained.blocks ?? {}], [now.networks, now.blocks ?? {}]),
    isData: differ(trained.data, { ...now.data, standardiseTargets: decided(trained, now) }),
    settings: names
      .filter((name) => !shownThere.includes(name) && !isLeftOpen(name) && differ(before.get(name), after.get(name)))
      .map((name) => `recipe.${name}`),
  };
}

function decided({ data: before }: Project, { data: after }: Project): boolean | undefined {
  return after.standardiseTargets ?? before.standardiseTargets;
}

function differ(one: unknown, other: unknown): boolean {
  return inOneOrder(one) !== inOneOrder(other);
}
