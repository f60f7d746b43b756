import type { Handlers } from '../../core/contract/contract.ts';
import type { TrainingCalls } from '../../core/contract/training.ts';
import type { CostMeasurements } from './cost-measurements.ts';
import type { Profiles } from './profiles.ts';
import type { RateSearches } from './rate-searches.ts';
import type { Trainings } from './trainings.ts';

export function trainingCalls(
  trainings: Trainings,
  searches: RateSearches,
  costs: CostMeasurements,
  profiles: Profiles,
): Pick<Handlers, keyof TrainingCalls> {
  const clearDevice = (): void => {
    costs.cancel();
    profiles.cancelAll();
  };
  return {
    'training.start': async (wanted) => {
      clearDevice();
      return { run: await trainings.start(wanted) };
    },
    'training.resume': async (wanted) => {
      clearDevice();
      return { run: await trainings.resume(wanted) };
    },
    'training.measureCost': (wanted) => costs.measure(wanted),
    'training.profile': (wanted) => profiles.take(wanted),
    'training.cancelProfile': ({ profile }) => profiles.cancel(profile),
    'training.pause': ({ run }) => trainings.pause(run),
    'training.continue': ({ run, changes }) => trainings.continue(run, changes ?? {}),
    'training.stop': ({ run }) => trainings.stop(run),
    'training.kill': ({ run }) => trainings.kill(run),
    'training.active': () => trainings.active(),
    'training.findRate': (wanted) => searches.find(wanted),
    'training.stopFindingRate': ({ search }) => searches.stop(search),
    'training.watchMismatches': ({ run, limit }) => trainings.watchMismatches(run, limit),
  };
}
