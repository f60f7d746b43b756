/**
 * What training makes smaller. Names and defaults are PyTorch's (`torch.nn.CrossEntropyLoss` is CrossEntropy). Over
 * classes: those that compare numbers get one-hot targets, SoftMargin 1 and -1.
 */
export type Loss = ClassLoss | NumberLoss | PairLoss | TripletLoss | SequenceLoss;

interface Reduced {
  /** Over a batch; default mean. What is told of a run is a mean over the samples either way. */
  readonly reduction?: 'mean' | 'sum';
}

interface Weighed {
  /** One number a class; default 1. */
  readonly classWeights?: readonly number[];
}

/** The network gives one number a class, and each sample has one class. */
export type ClassLoss = Reduced &
  (
    | (Weighed & {
        readonly type: 'CrossEntropy';
        readonly labelSmoothing?: number;
        /** Samples of this class do not count. */
        readonly ignoreIndex?: number;
      })
    /** Of log-probabilities. */
    | (Weighed & { readonly type: 'NLL'; readonly ignoreIndex?: number })
    /** `p`: 1 (default) or 2; `margin`: default 1. */
    | (Weighed & { readonly type: 'MultiMargin'; readonly p?: 1 | 2; readonly margin?: number })
    | { readonly type: 'MultiLabelMargin' }
  );

/** The network gives as many numbers as the target has: those of a regression, or one a class. */
export type NumberLoss =
  | (Reduced &
      (
        | { readonly type: 'MSE' }
        | { readonly type: 'L1' }
        /** Default 1: below this difference the square, above it the difference itself. */
        | { readonly type: 'SmoothL1'; readonly beta?: number }
        | { readonly type: 'Huber'; readonly delta?: number }
        /** Of probabilities. */
        | (Weighed & { readonly type: 'BCE' })
        /** `positiveWeights`: what the classes' own samples count, beside the others of the class. */
        | (Weighed & { readonly type: 'BCEWithLogits'; readonly positiveWeights?: readonly number[] })
        | (Weighed & { readonly type: 'MultiLabelSoftMargin' })
        | { readonly type: 'SoftMargin' }
        /** Of logarithms of rates (default), or of rates; `full` adds Stirling's approximation. */
        | { readonly type: 'PoissonNLL'; readonly logInput?: boolean; readonly full?: boolean; readonly eps?: number }
        /** Distance of each sample's output from its target; `p`: default 2. */
        | { readonly type: 'PairwiseDistance'; readonly p?: number; readonly eps?: number }
      ))
  /** Of log-probabilities. `mean` is over all numbers, `batchmean` over the samples: the divergence itself. */
  | { readonly type: 'KLDiv'; readonly logTarget?: boolean; readonly reduction?: 'mean' | 'sum' | 'batchmean' };

/** Two outputs, or an output and whether it belongs together. */
export type PairLoss = Reduced &
  (
    | { readonly type: 'CosineEmbedding'; readonly margin?: number }
    | { readonly type: 'HingeEmbedding'; readonly margin?: number }
    | { readonly type: 'MarginRanking'; readonly margin?: number }
    | { readonly type: 'CosineSimilarity'; readonly dim?: number; readonly eps?: number }
  );

/** An anchor, one like it and one unlike it. */
export type TripletLoss = Reduced & {
  readonly type: 'TripletMargin';
  readonly margin?: number;
  readonly p?: number;
  readonly eps?: number;
  readonly swap?: boolean;
};

/** Of log-probabilities of a sequence's steps; the labels are a shorter sequence. */
export type SequenceLoss = Reduced & {
  readonly type: 'CTC';
  readonly blank?: number;
  readonly zeroInfinity?: boolean;
};
