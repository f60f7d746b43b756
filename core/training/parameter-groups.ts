import { FailureError } from '../failure.ts';
import { layersOf } from '../network/resolved.ts';
import type { ResolvedNode, ResolvedParameter } from '../network/resolved.ts';
import type { ParameterGroup } from '../project/project.ts';

/** A parameter and the layer that it belongs to. */
export interface TrainedParameter extends ResolvedParameter {
  readonly layer: string;
}

/** What the group says of them; what it does not say is the optimizer's own. */
export interface TakenParameters extends ParameterGroup {
  readonly parameters: readonly TrainedParameter[];
  readonly learningRateFactor: number;
}

/**
 * Every trainable parameter into the first group that takes it; the rest into a last one with the optimizer's own
 * settings. `place` is where the groups are written, such as `recipe.optimizer.groups`.
 */
export function groupParameters(
  network: ResolvedNode,
  groups: readonly ParameterGroup[],
  place: string,
): readonly TakenParameters[] {
  let left: readonly TrainedParameter[] = [...layersOf(network)]
    .filter(({ frozen }) => !frozen)
    .flatMap(({ layer, parameters }) => parameters.map((parameter) => ({ ...parameter, layer })));
  if (left.length === 0) {
    throw new FailureError({
      code: 'badNetwork',
      message: `The network at ${network.path} has no parameters to train: it has no layers with parameters, or all of them are frozen.`,
      at: network.path,
    });
  }
  const planned = groups.map((group, index): TakenParameters => {
    const taken = left.filter((parameter) => takes(group, parameter));
    if (taken.length === 0) {
      const at = `${place}[${index}]`;
      throw new FailureError({
        code: 'badProject',
        message: `${at} matches no parameter. Check its kinds and modules; frozen parameters and parameters of earlier groups do not count.`,
        at,
      });
    }
    const ofGroup = new Set(taken);
    left = left.filter((parameter) => !ofGroup.has(parameter));
    return { parameters: taken, ...group, learningRateFactor: group.learningRateFactor ?? 1 };
  });
  if (left.length === 0) return planned;
  return [...planned, { parameters: left, learningRateFactor: 1 }];
}

function takes(group: ParameterGroup, parameter: ResolvedParameter): boolean {
  const isKind = group.kinds === undefined || group.kinds.includes(parameter.kind);
  const isUnder =
    group.modules === undefined || group.modules.some((module) => parameter.name.startsWith(`${module}.`));
  return isKind && isUnder;
}
