import { describe, expect, it } from 'vitest';
import type { Project } from '../../../../core/project/project.ts';
import {
  asTrained,
  inTargetUnits,
  targetMapping,
  targetsOf,
  planTargetScaling,
  withTargetsDecided,
} from '../../../../core/training/plan-targets.ts';
import { smallDigits } from '../../../small-digits.ts';

const statistics = { mean: [200, 3], std: [50, 0] };
const regression = {
  ...smallDigits,
  recipe: { ...smallDigits.recipe, loss: { type: 'MSE' } },
} as Project;

describe('targets of a regression', () => {
  it('are standardised unless it is switched off, or they are counts', () => {
    expect(planTargetScaling(regression, statistics)).toEqual({ scale: [50, 1], offset: [200, 3] });
    expect(planTargetScaling(regression, undefined)).toBeNull();
    const off = { ...regression, data: { ...regression.data, standardiseTargets: false } };
    expect(planTargetScaling(off, statistics)).toBeNull();
    const counts = { ...regression, recipe: { ...regression.recipe, loss: { type: 'PoissonNLL' } } } as Project;
    expect(planTargetScaling(counts, statistics)).toBeNull();
  });

  it('come back in their units', () => {
    const scaling = { scale: [50, 2], offset: [200, 3] };
    expect([...inTargetUnits(Float32Array.of(0, 1, -1, 0.5), scaling)]).toEqual([200, 5, 150, 4]);
  });

  it('are the exponential of what PoissonNLL is trained to give, if that is a logarithm', () => {
    const planned = (logInput: boolean): Parameters<typeof targetMapping>[0] =>
      ({ data: { targets: 1 }, training: { loss: { type: 'PoissonNLL', logInput } } }) as never;
    expect(targetMapping(planned(true))).toBe('exponential');
    expect(targetMapping(planned(false))).toBeNull();
    expect(targetsOf(Float32Array.of(0, Math.log(4)), 'exponential')[1]).toBeCloseTo(4, 5);
  });

  it('are decided in the project of a run; one of an earlier version was trained without', () => {
    expect(asTrained(regression).data.standardiseTargets).toBe(false);
    const decided = withTargetsDecided(regression, { targets: 2, targetScaling: { scale: [1, 1], offset: [0, 0] } });
    expect(decided.data.standardiseTargets).toBe(true);
    expect(asTrained(decided)).toBe(decided);
    expect(withTargetsDecided(regression, { targets: 1 }).data.standardiseTargets).toBe(false);
    expect(withTargetsDecided(regression, {})).toBe(regression);
  });
});
