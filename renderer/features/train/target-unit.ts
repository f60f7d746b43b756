import { standardisesTargets } from '../../../core/training/plan-targets.ts';
import type { DataFacts } from '../../../core/project/known-data.ts';
import type { Project } from '../../../core/project/project.ts';

/**
 * What a regression's errors are measured in. Several targets may have several units, so that their common errors stay
 * those of the standardised targets. `facts`: of the data that the run was trained on, where they are known.
 */
export function errorUnit(trained: Project | null, facts: Pick<DataFacts, 'targets'> | null): string {
  const target = trained?.data.import?.target;
  const count = Array.isArray(target) ? target.length : (facts?.targets ?? 1);
  const isStandardised = trained === null || standardisesTargets(trained);
  return count > 1 && isStandardised ? 'in standard deviations of the targets' : 'in the unit of the target';
}
