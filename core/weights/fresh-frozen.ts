import type { Failure } from '../failure.ts';
import { layersOf } from '../network/resolved.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import type { WeightReport } from '../training/events.ts';
import { weightSourceWords } from '../training/weight-source.ts';
import type { WeightSource } from '../training/weight-source.ts';

/** A frozen module with parameters that begin fresh, and that no training changes. */
export interface FreshFrozen {
  /** Place in the project. */
  readonly path: string;
  readonly layer: string;
}

/** Frozen modules that find no weights of theirs. `report` is null where the network begins with fresh weights. */
export function freshFrozenModules(network: ResolvedNode, report: WeightReport | null): readonly FreshFrozen[] {
  const matched = new Set(report?.matched ?? []);
  return [...layersOf(network)]
    .filter(({ frozen, parameters }) => frozen && parameters.some(({ name }) => !matched.has(name)))
    .map(({ path, layer }) => ({ path, layer }));
}

export function freshFrozenFailure(modules: readonly FreshFrozen[], from: WeightSource | null): Failure {
  const [{ path, layer }] = modules as readonly [FreshFrozen, ...FreshFrozen[]];
  const others =
    modules.length === 1 ? '' : modules.length === 2 ? ' and 1 other' : ` and ${modules.length - 1} others`;
  const verb = modules.length === 1 ? 'is frozen but finds' : 'are frozen but find';
  const where = from === null ? 'because the training starts from fresh weights' : `in ${weightSourceWords(from)}`;
  return {
    code: 'badUsage',
    message: `${layer} at ${path}${others} ${verb} no weights ${where}, so their random values would never change.`,
    at: path,
    advice:
      'Start from weights with matching names and shapes, or unfreeze the modules. To keep random values on purpose, use --allow-fresh-frozen, or "Allow frozen modules without weights" in the window.',
  };
}
