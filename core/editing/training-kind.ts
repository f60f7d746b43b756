import { emptyProject } from '../project/empty-project.ts';
import type { AdversarialRecipe, Project, Recipe } from '../project/project.ts';

/**
 * The project for another kind of training, with what both have. Adversarial it begins with an empty discriminator and
 * the settings of Radford et al. 2016 ("Unsupervised representation learning with deep convolutional generative
 * adversarial networks", section 4); supervised it has no discriminator any more.
 */
export function withTrainingKind(project: Project, kind: Recipe['kind']): Project {
  const { recipe, networks } = project;
  if (recipe.kind === kind) return project;
  const { batchSize, epochs, seed } = recipe;
  const kept = { batchSize, epochs, ...(seed === undefined ? {} : { seed }) };
  if (kind === 'supervised') {
    return { ...project, networks: { main: networks.main }, recipe: { ...emptyProject.recipe, ...kept } };
  }
  const discriminator = networks.discriminator ?? { type: 'Sequential', children: [] };
  return { ...project, networks: { ...networks, discriminator }, recipe: { ...newAdversarial, ...kept } };
}

const newAdversarial: Omit<AdversarialRecipe, 'batchSize' | 'epochs'> = {
  kind: 'adversarial',
  loss: { type: 'BCEWithLogits' },
  optimizer: { type: 'Adam', betas: [0.5, 0.999] },
  schedule: { type: 'Constant', rate: 0.0002 },
  noise: [100, 1, 1],
};
