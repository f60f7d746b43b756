import { channelsAnd } from './image.ts';
import { layer } from './layer-type.ts';
import { number } from './option.ts';

const probability = { minimum: 0, maximum: 1, default: 0.5 };

export const dropout = [
  layer({
    name: 'Dropout',
    family: 'dropout',
    help: 'In training, sets random elements to zero and scales the rest by 1 / (1 - p).',
    options: { p: number('Probability that an element becomes zero.', probability) },
  }),
  ...([2, 1, 3] as const).map((dimensions) =>
    layer({
      name: `Dropout${dimensions}d`,
      family: 'dropout',
      help: 'In training, sets whole random channels to zero and scales the rest by 1 / (1 - p).',
      options: { p: number('Probability that a channel becomes zero.', probability) },
      output(_options, input) {
        channelsAnd(dimensions, input);
        return input;
      },
    }),
  ),
  layer({
    name: 'DropPath',
    family: 'dropout',
    help: 'In training, sets whole random samples to zero and scales the rest by 1 / (1 - p): stochastic depth.',
    options: { p: number('Probability that a sample becomes zero.', probability) },
  }),
  layer({
    name: 'AlphaDropout',
    family: 'dropout',
    help: 'Dropout for networks with SELU: keeps zero mean and unit variance.',
    options: { p: number('Probability that an element is dropped.', probability) },
  }),
  layer({
    name: 'FeatureAlphaDropout',
    family: 'dropout',
    help: 'AlphaDropout of whole channels.',
    options: { p: number('Probability that a channel is dropped.', probability) },
  }),
];
