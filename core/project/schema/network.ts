import { z } from 'zod';
import { findLayerType } from '../../catalogue/catalogue.ts';
import { containerTypes } from '../../network/containers.ts';
import { unknownModule } from '../../network/unknown-module.ts';
import type { ContainerType } from '../../network/containers.ts';
import type { Blocks, NetworkNode, OptionValue } from '../../network/tree.ts';
import { initialiser } from './initialiser.ts';
import { issuePath, sentenceOf } from './sentence.ts';
import { identifier, strict } from './strict.ts';

const numberOrExpression = z.union([z.number(), z.string()], { error: 'must be a number or an expression' });

const optionValue: z.ZodType<OptionValue> = z.union(
  [z.number(), z.string(), z.boolean(), z.null(), z.array(z.union([z.number(), z.string()]))],
  { error: 'must be a number, a word, true or false, or a list of numbers' },
);

/** Nodes never change, and of an edited tree nearly all are the old ones: what was read is not read again. */
const read = new WeakMap<object, NetworkNode>();

/** Schemas of nodes refer to each other through this one; it is told apart by `type` first, so that messages are precise. */
export const networkNode: z.ZodType<NetworkNode> = z.unknown().transform((value, context): NetworkNode => {
  const before = typeof value === 'object' && value !== null ? read.get(value) : undefined;
  if (before !== undefined) return before;
  const parsed = schemaOf(value, context)?.safeParse(value, { error: sentenceOf });
  if (parsed === undefined) return z.NEVER;
  if (parsed.success) {
    read.set(value as object, parsed.data).set(parsed.data, parsed.data);
    return parsed.data;
  }
  for (const issue of parsed.error.issues) {
    context.addIssue({ code: 'custom', message: issue.message, path: [...issuePath(issue)], input: value });
  }
  return z.NEVER;
});

function schemaOf(value: unknown, context: z.core.$RefinementCtx): z.ZodType<NetworkNode> | undefined {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  if (typeof type !== 'string') {
    context.addIssue({ code: 'custom', message: 'must be a module: an object with a "type"', input: value });
    return undefined;
  }
  if ((containerTypes as readonly string[]).includes(type)) return containers[type as ContainerType];
  if (findLayerType(type) !== undefined) return layer;
  context.addIssue({ code: 'custom', message: `"${type}" ${unknownModule(type)}`, path: ['type'], input: value });
  return undefined;
}

const name = { name: identifier.exactOptional() };

/** After what a node is, before what it contains. */
const settings = {
  initialise: z.array(initialiser).exactOptional(),
  frozen: z.boolean().exactOptional(),
};

const layer: z.ZodType<NetworkNode> = strict({
  type: z.string(),
  ...name,
  options: z.record(z.string(), optionValue).exactOptional(),
  ...settings,
});

function branching(type: 'Fork' | 'Join') {
  return strict({
    type: z.literal(type),
    ...name,
    ...settings,
    join: strict({
      kind: z.literal(['cat', 'add', 'multiply', 'matmul', 'stack', 'tuple']),
      dim: z.int().exactOptional(),
    }),
    branches: z.array(networkNode).min(1),
  });
}

const containers: Readonly<Record<ContainerType, z.ZodType<NetworkNode>>> = {
  Sequential: strict({
    type: z.literal('Sequential'),
    ...name,
    ...settings,
    children: z.array(networkNode),
  }),
  Residual: strict({
    type: z.literal('Residual'),
    ...name,
    ...settings,
    body: networkNode,
    shortcut: networkNode.exactOptional(),
    shortcutWhere: z.literal('changed').exactOptional(),
    after: networkNode.exactOptional(),
  }),
  Fork: branching('Fork'),
  Join: branching('Join'),
  Repeat: strict({
    type: z.literal('Repeat'),
    ...name,
    ...settings,
    count: numberOrExpression,
    shared: z.boolean().exactOptional(),
    body: networkNode,
  }),
  Recurrent: strict({
    type: z.literal('Recurrent'),
    ...name,
    ...settings,
    handsOn: z
      .array(z.literal(['sequence', 'last', 'hidden']))
      .min(1, { error: 'must return at least one output' })
      .refine((outputs) => new Set(outputs).size === outputs.length, { error: 'must not list an output twice' })
      .exactOptional(),
    carry: z.boolean().exactOptional(),
    before: networkNode.exactOptional(),
    body: networkNode,
    after: networkNode.exactOptional(),
  }),
  Transform: strict({
    type: z.literal('Transform'),
    ...name,
    ...settings,
    training: networkNode,
    evaluation: networkNode,
  }),
  NBeats: strict({
    type: z.literal('NBeats'),
    ...name,
    ...settings,
    children: z.array(networkNode),
  }),
  Block: strict({
    type: z.literal('Block'),
    ...name,
    block: z.string(),
    arguments: z.record(z.string(), numberOrExpression).exactOptional(),
    ...settings,
  }),
};

export const blocks: z.ZodType<Blocks> = z.record(
  identifier,
  strict({
    description: z.string().exactOptional(),
    parameters: z.array(
      strict({ name: identifier, default: z.number().exactOptional(), help: z.string().exactOptional() }),
    ),
    body: networkNode,
  }),
);
