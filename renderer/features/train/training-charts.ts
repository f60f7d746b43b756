import type { EpochFigure, StepFigure } from '../../../core/figures/figure.ts';
import { epochFigures } from '../../../core/figures/of-epochs.ts';
import type { EpochFigureName } from '../../../core/figures/of-epochs.ts';
import { stepFigures } from '../../../core/figures/of-steps.ts';
import type { StepFigureName } from '../../../core/figures/of-steps.ts';
import type { RunState } from '../../../core/training/run-state.ts';
import { isAdversarial, isOver } from './live-run.ts';
import type { StepPoints } from './step-points.ts';

/** Figures with a chart of their own in Train. Of a run that nothing is known of yet, those of a classifier. */
export function chartedEpochFigures(run: RunState): readonly EpochFigure<EpochFigureName>[] {
  const { step, epochs } = run;
  const known = [
    ...(step === null ? [] : [step.train]),
    ...epochs.slice(0, 1).flatMap(({ train, test }) => [train, test]),
  ];
  const areOfTwo = isAdversarial(run);
  return epochFigures.filter(({ name, network, isWithoutChart, isOfStepsToo }) => {
    if (isWithoutChart === true) return false;
    // The losses of two networks share one chart, that of the first.
    if (network !== undefined && (areOfTwo || network === 'generator')) return network === 'discriminator';
    if (areOfTwo || known.length > 0) return known.some((measured) => measured[name] !== undefined);
    return isOfStepsToo === true;
  });
}

/** A chart that came later would move the others, so each has its place from the beginning. Of two networks there is no gradient norm. */
export function chartedStepFigures(run: RunState, points: StepPoints): readonly StepFigure<StepFigureName>[] {
  return stepFigures.filter(
    ({ name, epochTitle }) =>
      epochTitle !== undefined || (!isOver(run.state) && !isAdversarial(run)) || points.of(name).length > 0,
  );
}
