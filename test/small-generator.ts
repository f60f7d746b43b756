import { emptyProject } from '../core/project/empty-project.ts';
import type { Project } from '../core/project/project.ts';

/** Two networks so small that an epoch takes seconds: they learn little. */
export const small: Project = {
  ...emptyProject,
  name: 'small-generator',
  networks: {
    main: {
      type: 'Sequential',
      children: [
        { type: 'Linear', options: { out_features: 32 } },
        { type: 'BatchNorm1d' },
        { type: 'ReLU' },
        { type: 'Linear', options: { out_features: 784 } },
        { type: 'Tanh' },
        { type: 'Reshape', options: { shape: [1, 28, 28] } },
      ],
    },
    discriminator: {
      type: 'Sequential',
      children: [
        { type: 'Flatten' },
        { type: 'Linear', options: { out_features: 32 } },
        { type: 'LeakyReLU', options: { negative_slope: 0.2 } },
        { type: 'Linear', options: { out_features: 1 } },
        { type: 'Sigmoid' },
      ],
    },
  },
  data: { source: 'mnist', normalise: { kind: 'affine', scale: 0.00784313725490196, offset: -1 } },
  recipe: {
    kind: 'adversarial',
    loss: { type: 'BCE' },
    optimizer: { type: 'Adam', betas: [0.5, 0.999] },
    schedule: { type: 'Constant', rate: 0.0002 },
    batchSize: 50,
    epochs: 2,
    seed: 3,
    noise: [16],
    realTargets: [0.8, 1],
  },
};
