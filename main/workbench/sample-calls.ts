import type { Handlers } from '../../core/contract/contract.ts';
import type { MadeSamples, SampleCalls, SampleWish } from '../../core/contract/samples.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import { fail } from '../failures.ts';
import { sampleAnimation } from '../generation/sample-pictures.ts';
import { samplesOfRun } from '../generation/samples-of-run.ts';
import type { RunIndex } from '../runs/run-index.ts';

export function sampleCalls(index: RunIndex, openEngine: OpenEngine): Pick<Handlers, keyof SampleCalls> {
  const make = async (run: string, wish: SampleWish): Promise<MadeSamples> => {
    const row = (await index.get(run)) ?? fail('notFound', `There is no run '${run}'.`, { at: run });
    return samplesOfRun(row, wish, { openEngine });
  };
  return {
    'samples.make': ({ run, wish }) => make(run, wish),
    'samples.animation': async ({ run, wish }) => sampleAnimation(await make(run, wish)),
  };
}
