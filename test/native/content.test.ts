import { describe, expect, it } from 'vitest';
import { parseProject } from '../../core/project/parse.ts';
import { contentOf, statisticsOf } from '../../main/datasets/content.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { describeData } from '../../main/training/describe-data.ts';
import { planProject } from '../../main/training/plan-project.ts';
import { smallDigits } from '../small-digits.ts';

describe('what a run remembers of MNIST', () => {
  it('has the very numbers that the engine computes when it is left to it', async () => {
    const parsed = parseProject({ ...smallDigits, data: { source: 'mnist', normalise: { kind: 'zscore' } } });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures));
    const { plan, located } = await planProject(parsed.project, { seed: 0, threads: 1 });
    expect(plan.data.normalise).toEqual({ kind: 'computed' });
    const session = await loadAddon().createSession(JSON.stringify(plan));
    const { scale, offset } = session.describe();
    await session.close();
    const { normalise, train, test } = await describeData(parsed.project.data, located);
    expect(normalise).toEqual({ kind: 'affine', scale, offset });
    expect([train.samples, test.samples]).toEqual([60_000, 10_000]);
    // The mean and deviation that PyTorch's MNIST example normalises by.
    const statistics = statisticsOf(await contentOf(located.train, located.inputShape));
    expect(statistics!.mean[0]).toBeCloseTo(0.1307, 4);
    expect(statistics!.std[0]).toBeCloseTo(0.3081, 4);
  });
});
