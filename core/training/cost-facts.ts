import { factsOf } from '../network/facts.ts';
import { summarise } from '../network/summarise.ts';
import type { Summary } from '../network/summarise.ts';
import { networkInputs } from '../project/network-inputs.ts';
import type { Project } from '../project/project.ts';
import type { CostFacts } from './cost.ts';

type Data = Pick<CostFacts, 'inputShape' | 'trainSamples' | 'testSamples' | 'bytesPerValue'>;

/** Null where a network cannot work. Of adversarial training both networks together. */
export function costFactsOf(project: Project, data: Data): CostFacts | null {
  const { main, discriminator } = project.networks;
  const networks = [['main', main] as const, ...(discriminator ? [['discriminator', discriminator] as const] : [])];
  const all = networks.map(([name, network]) => {
    const { resolved } = factsOf(network, project.blocks ?? {}, networkInputs(project, name, data.inputShape), name);
    return resolved && summarise(resolved).totals;
  });
  const known = all.filter((totals) => totals !== null);
  if (known.length < all.length) return null;
  return { recipe: project.recipe, totals: known.reduce(added), ...data };
}

function added(one: Summary['totals'], other: Summary['totals']): Summary['totals'] {
  return {
    layers: one.layers + other.layers,
    parameters: one.parameters + other.parameters,
    trainable: one.trainable + other.trainable,
    multiplyAdds: one.multiplyAdds + other.multiplyAdds,
    activationBytes: one.activationBytes + other.activationBytes,
  };
}

/** Fields of the data and the recipe. A run has decided `standardiseTargets`, which its project may leave open. */
const costless: readonly string[] = [
  ...['epochs', 'seed', 'schedule', 'discriminatorSchedule', 'earlyStopping'],
  'standardiseTargets',
];

/** The same text of projects whose steps cost the same: names, epochs, rates and the seed make no difference. */
export function costlyText({ networks, blocks, data, recipe }: Project): string {
  const withoutLength = (field: string, value: unknown): unknown => (costless.includes(field) ? undefined : value);
  return JSON.stringify([networks, blocks, JSON.stringify([data, recipe], withoutLength)]);
}

/** Training samples behind each step of the optimizer. */
export function samplesPerStep({ recipe }: Project): number {
  return recipe.batchSize * (recipe.kind === 'supervised' ? (recipe.accumulate ?? 1) : 1);
}
