/**
 * A pure function from (epoch, step) to the learning rate; `rate` is the base rate. Steps are optimizer steps.
 * ReduceOnPlateau also looks at the figures of the epochs before, which a run keeps.
 */
export type Schedule = ScheduleShape & { readonly warmup?: Warmup };

/** Linear from `factor`·rate to the schedule's own rate. `fraction` of all steps, or `steps`, or `epochs`. */
export interface Warmup {
  readonly steps?: number;
  readonly epochs?: number;
  readonly fraction?: number;
  /** Default 0. */
  readonly factor?: number;
}

export type ScheduleShape =
  | { readonly type: 'Constant'; readonly rate: number }
  /** rate · gamma^floor(epoch / every). */
  | { readonly type: 'Step'; readonly rate: number; readonly every: number; readonly gamma: number }
  /** rate · gamma^(milestones passed); epochs counted from 0, in order. */
  | {
      readonly type: 'MultiStep';
      readonly rate: number;
      readonly milestones: readonly number[];
      readonly gamma: number;
    }
  /** rate · gamma^epoch. */
  | { readonly type: 'Exponential'; readonly rate: number; readonly gamma: number }
  /** Half a cosine from rate to `floor` over all epochs, changing per epoch (`per: epoch`, k of n) or per step. `clampFloor`: max(floor, half cosine to 0), as the LAMB recipe has it. */
  | {
      readonly type: 'Cosine';
      readonly rate: number;
      readonly floor?: number;
      readonly clampFloor?: boolean;
      readonly per?: 'epoch' | 'step';
    }
  /** Loshchilov and Hutter 2017: cosine cycles with restart, per step; the first `length` epochs, each next `multiplier` times longer. */
  | {
      readonly type: 'CosineCycles';
      readonly rate: number;
      readonly length: number;
      readonly multiplier?: number;
      readonly floor?: number;
    }
  /** Epoch k has rates[k mod n]. */
  | { readonly type: 'List'; readonly rates: readonly number[] }
  /** From rate to `end` over all epochs, per step. */
  | { readonly type: 'Linear'; readonly rate: number; readonly end: number }
  /** Smith 2018, as torch.optim.lr_scheduler.OneCycleLR with two phases; `rate` is the peak. */
  | {
      readonly type: 'OneCycle';
      readonly rate: number;
      readonly percentageUp?: number;
      readonly div?: number;
      readonly finalDiv?: number;
      readonly anneal?: 'cosine' | 'linear';
    }
  /**
   * Smith 2017, as torch.optim.lr_scheduler.CyclicLR: per step up from `floor` to rate in `up` epochs and down again in
   * `down`, over and over. `halves`: every next peak is half as high (triangular2).
   */
  | {
      readonly type: 'Triangular';
      readonly rate: number;
      /** Default 0. */
      readonly floor?: number;
      readonly up: number;
      /** Default as `up`. */
      readonly down?: number;
      readonly halves?: boolean;
    }
  /**
   * torch.optim.lr_scheduler.ReduceLROnPlateau: times `factor` when the metric has not improved for more than
   * `patience` epochs. No rate is less than `minimum`.
   */
  | {
      readonly type: 'ReduceOnPlateau';
      readonly rate: number;
      /** Default testLoss. */
      readonly metric?: PlateauMetric;
      /** Default .1. */
      readonly factor?: number;
      /** Default 10. */
      readonly patience?: number;
      /** By how much an epoch must be better to count; default 1e-4, a part of the best figure unless `absolute`. */
      readonly threshold?: number;
      readonly absolute?: boolean;
      /** Epochs after a fall in which nothing is counted; default 0. */
      readonly cooldown?: number;
      readonly minimum?: number;
    }
  /** Phases one after another, each with a length in epochs and its own shape over just those: fit(.1, 2), then cycles. */
  | { readonly type: 'Phases'; readonly phases: readonly { readonly epochs: number; readonly shape: ScheduleShape }[] };

export type PlateauMetric = 'testLoss' | 'testAccuracy' | 'trainLoss';
