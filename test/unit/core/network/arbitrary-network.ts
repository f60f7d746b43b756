import fc from 'fast-check';
import { isContainer } from '../../../../core/network/containers.ts';
import type { NodePath } from '../../../../core/network/node-path.ts';
import type { LayerNode, NetworkNode } from '../../../../core/network/tree.ts';

const layer: fc.Arbitrary<LayerNode> = fc.constantFrom<LayerNode>(
  { type: 'ReLU' },
  { type: 'Linear', options: { out_features: 8 } },
  { type: 'Conv2d', options: { out_channels: 4, kernel_size: [3, 1], padding: 'same' } },
  { type: 'BatchNorm2d', frozen: true },
);

const forecastBlock: NetworkNode = {
  type: 'Fork',
  join: { kind: 'tuple' },
  branches: [{ type: 'ReLU' }, { type: 'Sequential', children: [] }],
};

const name = fc.option(fc.constantFrom('conv', 'head', 'norm1'), { nil: undefined });

function withName(node: NetworkNode, given: string | undefined): NetworkNode {
  return given === undefined ? node : { ...node, name: given };
}

/** Names that two of a list share stay with the first. */
function siblings(nodes: readonly NetworkNode[]): readonly NetworkNode[] {
  return nodes.map((node, index) => {
    if (node.name === undefined || nodes.findIndex((other) => other.name === node.name) === index) return node;
    return Object.fromEntries(Object.entries(node).filter(([field]) => field !== 'name')) as unknown as NetworkNode;
  });
}

/** Trees valid in structure, whatever the shapes. */
export const networks: fc.Arbitrary<NetworkNode> = fc.letrec<{ node: NetworkNode }>((tie) => ({
  node: fc
    .tuple(
      fc.oneof(
        { maxDepth: 4, depthSize: 'medium' },
        layer,
        fc
          .array(tie('node'), { maxLength: 4 })
          .map((children): NetworkNode => ({ type: 'Sequential', children: siblings(children) })),
        fc
          .record(
            {
              body: tie('node'),
              shortcut: tie('node'),
              shortcutWhere: fc.constant('changed' as const),
              after: tie('node'),
            },
            { requiredKeys: ['body'] },
          )
          .map((parts): NetworkNode => ({ type: 'Residual', ...parts })),
        fc
          .tuple(fc.constantFrom('Fork', 'Join'), fc.array(tie('node'), { minLength: 1, maxLength: 3 }))
          .map(([type, branches]): NetworkNode => ({ type, join: { kind: 'cat' }, branches: siblings(branches) })),
        fc
          .tuple(tie('node'), fc.integer({ min: 1, max: 3 }))
          .map(([body, count]): NetworkNode => ({ type: 'Repeat', count, body })),
        fc
          .record({ before: tie('node'), body: tie('node'), after: tie('node') }, { requiredKeys: ['body'] })
          .map((parts): NetworkNode => ({ type: 'Recurrent', ...parts })),
        fc
          .record({ training: tie('node'), evaluation: tie('node') })
          .map((parts): NetworkNode => ({ type: 'Transform', ...parts })),
        fc
          .array(fc.oneof(fc.constant(forecastBlock), tie('node')), { maxLength: 3 })
          .map((children): NetworkNode => ({ type: 'NBeats', children: siblings(children) })),
      ),
      name,
    )
    .map(([node, given]) => withName(node, given)),
})).node;

/** Addresses of all nodes, the root's first. */
export function pathsOf(node: NetworkNode): readonly NodePath[] {
  if (!isContainer(node)) return [[]];
  switch (node.type) {
    case 'Sequential':
    case 'NBeats':
      return [[], ...node.children.flatMap((child, index) => under(child, 'children', index))];
    case 'Fork':
    case 'Join':
      return [[], ...node.branches.flatMap((branch, index) => under(branch, 'branches', index))];
    case 'Repeat':
      return [[], ...under(node.body, 'body')];
    case 'Residual':
      return [
        [],
        ...under(node.body, 'body'),
        ...(node.shortcut === undefined ? [] : under(node.shortcut, 'shortcut')),
        ...(node.after === undefined ? [] : under(node.after, 'after')),
      ];
    case 'Recurrent':
      return [
        [],
        ...(node.before === undefined ? [] : under(node.before, 'before')),
        ...under(node.body, 'body'),
        ...(node.after === undefined ? [] : under(node.after, 'after')),
      ];
    case 'Transform':
      return [[], ...under(node.training, 'training'), ...under(node.evaluation, 'evaluation')];
    case 'Block':
      return [[]];
  }
}

function under(node: NetworkNode, ...steps: NodePath): NodePath[] {
  return pathsOf(node).map((path) => [...steps, ...path]);
}

/** A tree with the address of one of its nodes. */
export const placed: fc.Arbitrary<readonly [NetworkNode, NodePath]> = networks.chain((network) =>
  fc.tuple(fc.constant(network), fc.constantFrom(...pathsOf(network))),
);
