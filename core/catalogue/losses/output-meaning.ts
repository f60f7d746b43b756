import type { Loss } from '../../project/project.ts';

/**
 * What a classifier gives for each class, by the loss that it was trained with: scores whose softmax the probabilities
 * are, their logarithms, the logit of each class by itself, its probability, a number that is to be 1 for the class and
 * 0 for the others, or the logarithm of such a number.
 */
export type OutputMeaning = 'scores' | 'logarithms' | 'logits' | 'probabilities' | 'values' | 'logarithmsOfValues';

/** As `Loss::probabilities` of the engine has it, to which a test holds it; but that leaves values as they are. */
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
      return loss.logInput === false ? 'values' : 'logarithmsOfValues';
    case 'BCE':
      return 'probabilities';
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
    case 'probabilities':
      return output;
    case 'values':
      return shares(output);
    case 'logarithmsOfValues':
      return shares(output.map(Math.exp));
  }
}

/** Of samples × classes, row-major, as the engine gives them: probabilities, whatever the loss. */
export function probabilitiesOfRows(values: Float32Array, classes: number, meaning: OutputMeaning): Float32Array {
  if (meaning !== 'values' && meaning !== 'logarithmsOfValues') return values;
  const found = new Float32Array(values.length);
  for (let at = 0; at < values.length; at += classes) found.set(shares(values.subarray(at, at + classes)), at);
  return found;
}

/**
 * Of values that may be of any size, in their order: what each is above the least of them, or above 0 where that is
 * below, as a share of all.
 */
function shares(values: Float32Array): Float32Array {
  const least = Math.min(0, ...values);
  const parts = values.map((value) => value - least);
  const sum = parts.reduce((total, part) => total + part, 0);
  return sum > 0 ? parts.map((part) => part / sum) : parts.fill(1 / parts.length);
}

function softmax(scores: Float32Array): Float32Array {
  const most = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - most));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}
