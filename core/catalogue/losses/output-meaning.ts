import type { Loss } from '../../project/project.ts';

/**
 * What a classifier gives for each class, by the loss that it was trained with: scores whose softmax the probabilities
 * are, their logarithms, the logit of each class by itself, or the probability or other value as it is.
 */
export type OutputMeaning = 'scores' | 'logarithms' | 'logits' | 'values';

/** The same as `Loss::probabilities` of the engine, to which a test holds it. */
export function outputMeaning(loss: Pick<Loss, 'type'> & { readonly logInput?: boolean }): OutputMeaning {
  switch (loss.type) {
    case 'CrossEntropy':
    // Margins are no probabilities, but the class that wins by a larger one should be the more probable.
    case 'MultiMargin':
    case 'MultiLabelMargin':
      return 'scores';
    case 'NLL':
    case 'KLDiv':
      return 'logarithms';
    case 'PoissonNLL':
      return loss.logInput === false ? 'values' : 'logarithms';
    case 'BCEWithLogits':
    case 'MultiLabelSoftMargin':
    case 'SoftMargin':
      return 'logits';
    default:
      return 'values';
  }
}

/** Of one sample, one number a class. */
export function classProbabilities(output: Float32Array, meaning: OutputMeaning): Float32Array {
  switch (meaning) {
    case 'scores':
      return softmax(output);
    case 'logarithms':
      return output.map(Math.exp);
    case 'logits':
      return output.map((logit) => 1 / (1 + Math.exp(-logit)));
    case 'values':
      return output;
  }
}

function softmax(scores: Float32Array): Float32Array {
  const most = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - most));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}
