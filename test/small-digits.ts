import { emptyProject } from '../core/project/empty-project.ts';
import type { Project } from '../core/project/project.ts';

/** Reads digits after one epoch of a few seconds. */
export const smallDigits: Project = {
  ...emptyProject,
  name: 'small-digits',
  networks: {
    main: {
      type: 'Sequential',
      children: [
        { type: 'Conv2d', options: { out_channels: 8, kernel_size: 5, stride: 3 } },
        { type: 'ReLU' },
        { type: 'Flatten' },
        { type: 'Linear', options: { out_features: 32 } },
        { type: 'Tanh' },
        { type: 'Linear', options: { out_features: 10 } },
      ],
    },
  },
  data: { source: 'mnist', normalise: { kind: 'affine', scale: 0.00784313725490196, offset: -1 } },
  recipe: {
    kind: 'supervised',
    loss: { type: 'CrossEntropy' },
    optimizer: { type: 'Adam' },
    schedule: { type: 'Constant', rate: 0.004 },
    batchSize: 100,
    epochs: 1,
    seed: 1,
  },
};
