import { FailureError } from '../failure.ts';
import { layersOf } from '../network/resolved.ts';
import type { ResolvedNode, ResolvedParameter } from '../network/resolved.ts';
import type { ParameterGroup } from '../project/project.ts';
import type { PlanTraining } from './plan.ts';

type PlanGroup = PlanTraining['optimizer']['groups'][number];

/** Every trainable parameter into the first group that takes it; the rest into a last one with the optimizer's own settings. */
export function groupParameters(
  network: ResolvedNode,
  groups: readonly ParameterGroup[],
  weightDecay: number,
): readonly PlanGroup[] {
  let left: readonly ResolvedParameter[] = [...layersOf(network)]
    .filter((layer) => !layer.frozen)
    .flatMap((layer) => layer.parameters);
  if (left.length === 0) {
    throw new FailureError({
      code: 'badNetwork',
      message: 'The network at networks.main has no parameters to train: it has none, or all are frozen.',
      at: 'networks.main',
    });
  }
  const planned = groups.map((group, index): PlanGroup => {
    const taken = left.filter((parameter) => takes(group, parameter));
    if (taken.length === 0) {
      const at = `recipe.optimizer.groups[${index}]`;
      throw new FailureError({
        code: 'badProject',
        message: `${at} takes no parameter: none is trained, of its kinds, under its modules and free of the groups before it.`,
        at,
      });
    }
    left = left.filter((parameter) => !taken.includes(parameter));
    return {
      parameters: taken.map((parameter) => parameter.name),
      learningRateFactor: group.learningRateFactor ?? 1,
      weightDecay: group.weightDecay ?? weightDecay,
    };
  });
  if (left.length === 0) return planned;
  return [...planned, { parameters: left.map((parameter) => parameter.name), learningRateFactor: 1, weightDecay }];
}

function takes(group: ParameterGroup, parameter: ResolvedParameter): boolean {
  const isKind = group.kinds === undefined || group.kinds.includes(parameter.kind);
  const isUnder =
    group.modules === undefined || group.modules.some((module) => parameter.name.startsWith(`${module}.`));
  return isKind && isUnder;
}
