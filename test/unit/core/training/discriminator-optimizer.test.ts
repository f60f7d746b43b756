import { expect, test } from 'vitest';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import type { Optimizer } from '../../../../core/project/project.ts';
import { checkAgainstData } from '../../../../core/training/check-against-data.ts';
import { small } from '../../../small-generator.ts';

const images = { inputShape: [1, 28, 28], classes: 10 };

function placesOfFaults(optimizers: { readonly optimizer?: Optimizer; readonly discriminatorOptimizer?: Optimizer }) {
  const { recipe } = small;
  return checkAgainstData({ ...small, recipe: { ...recipe, ...optimizers } }, images).map(({ at }) => at);
}

/** The small generator has a norm, its discriminator none. */
const onNorms: Optimizer = { type: 'Adam', groups: [{ kinds: ['bias'] }, { kinds: ['norm'], weightDecay: 0 }] };

test('a group that takes nothing of the discriminator is a fault where it is written', () => {
  expect(placesOfFaults({})).toEqual([]);
  expect(placesOfFaults({ discriminatorOptimizer: onNorms })).toEqual(['recipe.discriminatorOptimizer.groups[1]']);
});

test('the groups of the generator are those of the discriminator until it has an optimizer of its own', () => {
  expect(placesOfFaults({ optimizer: onNorms })).toEqual(['recipe.optimizer.groups[1]']);
  expect(placesOfFaults({ optimizer: onNorms, discriminatorOptimizer: { type: 'SGD' } })).toEqual([]);
});

test('no network of two learns from whitened images', () => {
  const main = small.networks.main;
  const initialise = [{ parameters: 'weight', method: 'whiten' }] as const;
  const first = { type: 'Conv2d', options: { out_channels: 8, kernel_size: 2 }, initialise };
  const last = { type: 'Linear', options: { out_features: 1 } };
  const discriminator: NetworkNode = { type: 'Sequential', children: [first, { type: 'Flatten' }, last] };
  const faults = checkAgainstData({ ...small, networks: { main, discriminator } }, images);
  expect(faults.map(({ at }) => at)).toEqual(['networks.discriminator.children[0]']);
});

test('a discriminator without parameters to train is named', () => {
  const main = small.networks.main;
  const verdict = { type: 'Linear', options: { out_features: 1 }, frozen: true };
  const discriminator: NetworkNode = { type: 'Sequential', children: [{ type: 'Flatten' }, verdict] };
  const faults = checkAgainstData({ ...small, networks: { main, discriminator } }, images);
  expect(faults.map(({ at }) => at)).toEqual(['networks.discriminator']);
});
