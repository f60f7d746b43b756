import type { Shape } from '../catalogue/shape.ts';
import { sameShape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import { moduleAt, networkOf } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import type { NetworkFacts } from '../network/facts.ts';
import { isContainer } from '../network/containers.ts';
import { knownData, outputsFor } from '../project/known-data.ts';
import type { DataFacts } from '../project/known-data.ts';
import { networkInputs } from '../project/network-inputs.ts';
import { projectFacts } from '../project/project-facts.ts';
import type { Project } from '../project/project.ts';
import type { NetworkName } from '../network/tree.ts';
import type { Edited } from './edited.ts';
import { containerFixes } from './fixes-of-containers.ts';
import { layerFixes } from './fixes-of-layers.ts';
import { outputFixes } from './fixes-of-output.ts';
import { isEqual } from './is-equal.ts';

/** An edit that takes away what is wrong first. */
export interface Fix {
  /** What it does: `Set in_channels to 128`. */
  readonly title: string;
  readonly edited: Edited;
}

/** An edit that may help. */
export interface Attempt {
  readonly title: string;
  /** May throw a FailureError: then it does not help. */
  readonly edit: () => Edited;
  /** Where the module that fails is after the edit; absent: where it was. */
  readonly mended?: Address;
}

/**
 * What would mend the first module that cannot work, or, where all work, an output that is not one number per class or target.
 * Each was tried: with it, the module works. Without facts of the data those of the known data sets are taken.
 */
export function fixesFor(
  project: Project,
  facts: NetworkFacts,
  data: DataFacts | undefined = knownData.get(project.data.source),
): readonly Fix[] {
  const sample = data?.inputShape ?? firstInput(facts);
  if (sample === undefined) return [];
  const { faulty } = facts;
  if (faulty === null) {
    if (project.recipe.kind === 'adversarial') return [];
    if (data === undefined || isFitting(facts.resolved?.output, data)) return [];
    return tried(outputFixes(project, facts, data), sample, 'main', (after) => isFitting(after.resolved?.output, data));
  }
  const network = networkOf(faulty);
  const situation = { project, facts, sample, input: networkInputs(project, network, sample)[0] };
  const node = moduleAt(project, faulty);
  const attempts = isContainer(node) ? containerFixes(situation, faulty, node) : layerFixes(situation, faulty, node);
  return tried(
    attempts,
    sample,
    network,
    (after, { mended = faulty }) => after.modules.has(mended) && after.faulty !== mended,
  );
}

/** The first module that works gets what the network gets, for containers come after their parts. */
function firstInput(facts: NetworkFacts): Shape | undefined {
  const [first] = facts.modules.values();
  return first?.input;
}

function isFitting(output: Shape | undefined, data: DataFacts): boolean {
  return output !== undefined && sameShape(output, [outputsFor(data)]);
}

function tried(
  attempts: readonly Attempt[],
  sample: Shape,
  network: NetworkName,
  helps: (after: NetworkFacts, attempt: Attempt) => boolean,
): readonly Fix[] {
  const fixes: Fix[] = [];
  for (const attempt of attempts) {
    const edited = outcomeOf(attempt);
    if (edited === undefined) continue;
    if (helps(projectFacts(edited.project, sample, network), attempt)) fixes.push({ title: attempt.title, edited });
  }
  return fixes.filter((fix, index) => !fixes.slice(0, index).some((earlier) => isSameFix(fix, earlier)));
}

/** Another title for the same edit is no choice: to pad what is padded changes nothing. */
function isSameFix(one: Fix, other: Fix): boolean {
  return one.title === other.title || isEqual(one.edited.project, other.edited.project);
}

function outcomeOf(attempt: Attempt): Edited | undefined {
  try {
    return attempt.edit();
  } catch (error) {
    if (error instanceof FailureError) return undefined;
    throw error;
  }
}
