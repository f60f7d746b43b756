interface OptimizerCommon {
  readonly weightDecay?: number;
  /** Norms and biases are not decayed, but by a group that says so itself. */
  readonly decayOnlyWeights?: boolean;
  /** Parameters not named by a group stay with the optimizer's own settings. */
  readonly groups?: readonly ParameterGroup[];
}

/** The learning rate is the schedule's, times the group's factor. Other options and defaults are PyTorch's. */
export type Optimizer =
  | (OptimizerCommon & FirstOrderOptimizer)
  /**
   * Liu and Nocedal 1989: several evaluations of a batch make one step. It takes all parameters alike, without decay
   * or groups, and keeps `historySize` moves and gradients as large as the network, in memory and in checkpoints.
   */
  | {
      readonly type: 'LBFGS';
      readonly weightDecay?: never;
      readonly decayOnlyWeights?: never;
      readonly groups?: never;
      /** Default 20. */
      readonly maxIter?: number;
      /** Default 5/4 of maxIter. */
      readonly maxEval?: number;
      readonly toleranceGrad?: number;
      readonly toleranceChange?: number;
      readonly historySize?: number;
      /** Default: every move is as long as the rate says. */
      readonly lineSearch?: 'strong_wolfe';
    };

type FirstOrderOptimizer =
  | { readonly type: 'SGD'; readonly momentum?: number; readonly dampening?: number; readonly nesterov?: boolean }
  | {
      readonly type: 'Adam' | 'AdamW';
      readonly betas?: readonly [number, number];
      readonly eps?: number;
      readonly amsgrad?: boolean;
    }
  /** You et al. 2019, algorithm 2; `trustClip` bounds the trust ratio at 1. */
  | {
      readonly type: 'LAMB';
      readonly betas?: readonly [number, number];
      readonly eps?: number;
      readonly trustClip?: boolean;
    }
  /** Duchi et al. 2011. `lrDecay`: the rate is divided by 1 + steps · lrDecay. */
  | {
      readonly type: 'Adagrad';
      readonly lrDecay?: number;
      readonly initialAccumulatorValue?: number;
      readonly eps?: number;
    }
  /** Tieleman and Hinton 2012; `centered` as Graves 2013. */
  | {
      readonly type: 'RMSprop';
      readonly alpha?: number;
      readonly eps?: number;
      readonly momentum?: number;
      readonly centered?: boolean;
    }
  /**
   * Jordan 2024. Weights of two and more dimensions by Muon, convolutions as matrices of their outputs by all else, as
   * he does (torch.optim.Muon itself takes matrices only); biases, norms and embeddings by AdamW with `betas` and the
   * same rate and decay, which a group of them changes.
   */
  | {
      readonly type: 'Muon';
      readonly momentum?: number;
      readonly nesterov?: boolean;
      readonly nsSteps?: number;
      readonly nsCoefficients?: readonly [number, number, number];
      readonly eps?: number;
      /** Default original: the root of rows per column, if above 1. match_rms_adamw serves with AdamW's rates. */
      readonly adjustLr?: 'original' | 'match_rms_adamw';
      readonly betas?: readonly [number, number];
    };

export interface ParameterGroup {
  /** Which parameters: of these kinds and/or under these modules (parameter-name prefixes such as `3.body`). */
  readonly kinds?: readonly ('weight' | 'bias' | 'norm')[];
  readonly modules?: readonly string[];
  readonly learningRateFactor?: number;
  readonly weightDecay?: number;
}
