import type { WrittenOptimizer } from '../catalogue/optimizers/optimizer-type.ts';
import type { optimizerTypes } from '../catalogue/optimizers/optimizers.ts';

/** What every optimizer takes that knows groups of parameters. */
interface OptimizerCommon {
  readonly weightDecay?: number;
  /** Norms and biases are not decayed, but by a group that says so itself. */
  readonly decayOnlyWeights?: boolean;
  /** Parameters not named by a group stay with the optimizer's own settings. */
  readonly groups?: readonly ParameterGroup[];
}

interface NothingInCommon {
  readonly weightDecay?: never;
  readonly decayOnlyWeights?: never;
  readonly groups?: never;
}

type ProjectOptimizer<Entry> = Entry extends { readonly weightDecay: infer Decay }
  ? WrittenOptimizer<Entry> & ([Decay] extends [null] ? NothingInCommon : OptimizerCommon)
  : never;

/** The learning rate is the schedule's, times the group's factor. Options are those of `core/catalogue/optimizers`. */
export type Optimizer = ProjectOptimizer<(typeof optimizerTypes)[number]>;

export interface ParameterGroup {
  /** Which parameters: of these kinds and/or under these modules (parameter-name prefixes such as `3.body`). */
  readonly kinds?: readonly ('weight' | 'bias' | 'norm')[];
  readonly modules?: readonly string[];
  readonly learningRateFactor?: number;
  readonly weightDecay?: number;
  /** After so many epochs these parameters stay as they are: no gradients, no decay. 0: they are never trained. */
  readonly untilEpoch?: number;
  /** The schedule runs over these epochs instead of the whole training. Default false. */
  readonly wholeSchedule?: boolean;
  /** Of Muon: false leaves these weights to the optimizer of the other parameters. Default true. */
  readonly byMuon?: boolean;
}
