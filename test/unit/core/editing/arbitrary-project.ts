import fc from 'fast-check';
import type { Address } from '../../../../core/network/address.ts';
import { addressAt } from '../../../../core/network/address.ts';
import type { BlockDefinition, NetworkNode } from '../../../../core/network/tree.ts';
import type { Project } from '../../../../core/project/project.ts';
import { nodeAt } from '../../../../core/network/node-path.ts';
import { networks, pathsOf } from '../network/arbitrary-network.ts';

/** A project of one network, whatever its data and recipe. */
export function projectOf(main: NetworkNode, blocks?: Readonly<Record<string, BlockDefinition>>): Project {
  return frozen({
    format: 'torchwright-project',
    version: 1,
    name: 'edited',
    networks: { main },
    ...(blocks === undefined ? {} : { blocks }),
    data: { source: 'somewhere', normalise: { kind: 'zscore' } },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy' },
      optimizer: { type: 'SGD' },
      schedule: { type: 'Constant', rate: 0.1 },
      batchSize: 10,
      epochs: 1,
    },
  });
}

const unit: BlockDefinition = {
  parameters: [{ name: 'out' }, { name: 'stride', default: 1 }],
  body: {
    type: 'Sequential',
    children: [
      { type: 'Conv2d', options: { out_channels: '2*out', kernel_size: 3, stride: 'stride', padding: 'same' } },
      { type: 'ReLU', name: 'act' },
    ],
  },
};

const stage: BlockDefinition = {
  parameters: [{ name: 'out', default: 8 }],
  body: {
    type: 'Residual',
    body: { type: 'Block', block: 'Unit', arguments: { out: 'out // 2' } },
    shortcut: { type: 'Repeat', count: 'out - 6', body: { type: 'Sequential', children: [] } },
  },
};

const instances: readonly NetworkNode[] = [
  { type: 'Block', block: 'Unit', arguments: { out: 4 } },
  { type: 'Block', block: 'Stage', arguments: { out: 16 } },
  { type: 'Block', block: 'Stage', name: 'head' },
];

/** Valid projects with a random network before and after instances of two Blocks, one within the other. */
export const projects: fc.Arbitrary<Project> = fc
  .tuple(networks, fc.shuffledSubarray([...instances]), networks)
  .map(([before, used, after]) =>
    projectOf(
      { type: 'Sequential', children: [unnamed(before), ...used, unnamed(after)] },
      { Unit: unit, Stage: stage },
    ),
  );

function unnamed(node: NetworkNode): NetworkNode {
  return Object.fromEntries(Object.entries(node).filter(([field]) => field !== 'name')) as unknown as NetworkNode;
}

/** Addresses of all modules, those seen in instances of Blocks included. */
export function addressesOf(project: Project, root: Address = 'networks.main'): readonly Address[] {
  const tree = root.slice(root.lastIndexOf('/') + 1);
  const node = tree === 'networks.main' ? project.networks.main : project.blocks![tree.split('.')[1]!]!.body;
  return pathsOf(node).flatMap((path) => {
    const address = addressAt(root, path);
    const part = nodeAt(node, path);
    return 'block' in part ? [address, ...addressesOf(project, `${address}/blocks.${part.block}.body`)] : [address];
  });
}

/** A project with some of its modules, in any order. */
export const selections: fc.Arbitrary<readonly [Project, readonly Address[]]> = projects.chain((project) => {
  const addresses = addressesOf(project);
  const some = fc.uniqueArray(fc.constantFrom(...addresses), { minLength: 1, maxLength: 4 });
  return fc.tuple(fc.constant(project), some);
});

/** Throws where an edit writes into what it was given. */
export function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value).forEach(frozen);
  return value;
}
