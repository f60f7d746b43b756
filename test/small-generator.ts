import { emptyProject } from '../core/project/empty-project.ts';
import type { NetworkNode } from '../core/network/tree.ts';
import type { AdversarialRecipe, Project } from '../core/project/project.ts';

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

const sequence = (...children: readonly NetworkNode[]): NetworkNode => ({ type: 'Sequential', children });
const linear = (features: number): NetworkNode => ({ type: 'Linear', options: { out_features: features } });

/** The first input beside a table's row for the class. */
const withClass: NetworkNode = {
  type: 'Join',
  join: { kind: 'cat' },
  branches: [
    sequence({ type: 'Flatten' }),
    sequence({ type: 'Embedding', options: { num_embeddings: 10, embedding_dim: 8 } }),
  ],
};

/** The same of images of a wanted digit. */
export const smallConditional: Project = {
  ...small,
  name: 'small-conditional',
  networks: {
    main: sequence(
      withClass,
      linear(32),
      { type: 'ReLU' },
      linear(784),
      { type: 'Tanh' },
      { type: 'Reshape', options: { shape: [1, 28, 28] } },
    ),
    discriminator: sequence(withClass, linear(32), { type: 'ReLU' }, linear(1), { type: 'Sigmoid' }),
  },
  recipe: { ...small.recipe, kind: 'adversarial', conditional: true } as AdversarialRecipe,
};
