import { imageSizes } from './image.ts';
import { layer } from './layer-type.ts';
import { number } from './option.ts';

const probability = { minimum: 0, maximum: 1, default: 0.5 };

export const dropout = [
  layer({
    name: 'Dropout',
    family: 'dropout',
    help: 'While training sets random elements to zero and scales the rest by 1 / (1 - p).',
    options: { p: number('Probability that an element becomes zero.', probability) },
  }),
  layer({
    name: 'Dropout2d',
    family: 'dropout',
    help: 'While training sets whole random channels to zero and scales the rest by 1 / (1 - p).',
    options: { p: number('Probability that a channel becomes zero.', probability) },
    output(_options, input) {
      imageSizes(input);
      return input;
    },
  }),
];
