import type { RunSummary } from '../../../core/contract/runs.ts';
import { figure, moment, percent } from '../../app/format.ts';
import { shortened } from '../../ui/shortened.ts';

/** Letters of a name, so that a closed list has room for what follows. */
const longest = 36;

/**
 * In a list to choose from: `mnist-conv-3, 99.31 %, 21 Nov, 10:57`. Of another project than the one that is open its
 * project stands before it: `cifar10: my best, 92.1 %, 21 Nov, 10:57`.
 */
export function runTitle(run: RunSummary, openProject: string | undefined): string {
  const { name, project, created, bestTestAccuracy, bestTestError } = run;
  const score = bestTestError === null ? percent(bestTestAccuracy) : `RMSE ${figure(bestTestError)}`;
  const known = bestTestAccuracy === null && bestTestError === null ? [] : [score];
  const title = [shortened(name, longest), ...known, moment(created)].join(', ');
  return project === openProject ? title : `${shortened(project, longest)}: ${title}`;
}
