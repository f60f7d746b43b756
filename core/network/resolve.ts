import type { Evaluate } from '../catalogue/read-options.ts';
import { refuse } from '../catalogue/refusal.ts';
import { formatShape, sameShape } from '../catalogue/shape.ts';
import type { Shape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import { didYouMean } from '../nearest-name.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { blockScope } from './block-scope.ts';
import { isContainer } from './containers.ts';
import { joinShapes } from './join.ts';
import { at, evaluatorOf, inherit, inside } from './place.ts';
import type { Place } from './place.ts';
import { resolveLayer } from './resolve-layer.ts';
import type { ResolvedNode } from './resolved.ts';
import type { BlockNode, Blocks, ForkNode, NetworkNode, RepeatNode, ResidualNode, SequentialNode } from './tree.ts';

export type Resolution = { readonly ok: true; readonly network: ResolvedNode } | Failed;

/** Decides everything about a network that gets samples of `input` (without the batch). Stops at the first module that cannot work. */
export function resolveNetwork(
  network: NetworkNode,
  blocks: Blocks,
  input: Shape,
  resolved: Place['resolved'] = () => undefined,
): Resolution {
  try {
    const nothing = { scope: null, within: [], rules: [], frozen: false };
    const top: Place = { path: 'networks.main', key: '', blocks, resolved, ...nothing };
    return { ok: true, network: resolve(network, top, input) };
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure);
    throw error;
  }
}

function resolve(node: NetworkNode, around: Place, input: Shape): ResolvedNode {
  const resolved = resolveHere(node, inherit(node, around), input);
  around.resolved(around.path, resolved);
  return resolved;
}

function resolveHere(node: NetworkNode, place: Place, input: Shape): ResolvedNode {
  if (!isContainer(node)) return resolveLayer(node, place, input);
  switch (node.type) {
    case 'Sequential':
      return resolveSequential(node, place, input);
    case 'Residual':
      return resolveResidual(node, place, input);
    case 'Fork':
      return resolveFork(node, place, input);
    case 'Repeat':
      return resolveRepeat(node, place, input);
    case 'Block':
      return resolveBlock(node, place, input);
  }
}

function resolveSequential(node: SequentialNode, place: Place, input: Shape): ResolvedNode {
  const { path, key } = place;
  const children: ResolvedNode[] = [];
  let output = input;
  for (const [index, child] of node.children.entries()) {
    const resolved = resolve(child, inside(place, `children[${index}]`, child.name ?? `${index}`), output);
    children.push(resolved);
    output = resolved.output;
  }
  return { type: 'Sequential', path, key, input, output, children };
}

function resolveResidual(node: ResidualNode, place: Place, input: Shape): ResolvedNode {
  const { path, key } = place;
  const body = resolve(node.body, inside(place, 'body', 'body'), input);
  const shortcut =
    node.shortcut === undefined ? null : resolve(node.shortcut, inside(place, 'shortcut', 'shortcut'), input);
  at(place, 'Residual', () => {
    const beside = shortcut?.output ?? input;
    if (sameShape(body.output, beside)) return;
    const other = shortcut === null ? 'the input' : 'the shortcut';
    refuse(`cannot add ${formatShape(body.output)} of its body and ${formatShape(beside)} of ${other}`);
  });
  const after = node.after === undefined ? null : resolve(node.after, inside(place, 'after', 'after'), body.output);
  return { type: 'Residual', path, key, input, output: after?.output ?? body.output, body, shortcut, after };
}

function resolveFork(node: ForkNode, place: Place, input: Shape): ResolvedNode {
  const { path, key } = place;
  const { kind, dim = 1 } = node.join;
  const branches = node.branches.map((branch, index) =>
    resolve(branch, inside(place, `branches[${index}]`, `branches.${branch.name ?? index}`), input),
  );
  const outputs = branches.map((branch) => branch.output);
  const { output, multiplyAdds } = at(place, 'Fork', () => joinShapes(kind, dim, outputs));
  return { type: 'Fork', path, key, input, output, branches, join: { kind, dim }, multiplyAdds };
}

function resolveRepeat(node: RepeatNode, place: Place, input: Shape): ResolvedNode {
  const { path, key } = place;
  const count = at(place, 'Repeat', () => readCount(node.count, evaluatorOf(place.scope)), 'count');
  if (node.shared === true) {
    const body = resolve(node.body, inside(place, 'body', 'body'), input);
    at(place, 'Repeat', () => {
      if (count > 1 && !sameShape(input, body.output)) {
        refuse(
          `can share only a body that keeps its shape, this one makes ${formatShape(body.output)} of ${formatShape(input)}`,
        );
      }
    });
    return { type: 'Repeat', path, key, input, output: body.output, count, body };
  }
  const children: ResolvedNode[] = [];
  let output = input;
  for (let copy = 0; copy < count; copy++) {
    const resolved = resolve(node.body, inside(place, 'body', `${copy}`), output);
    children.push(resolved);
    output = resolved.output;
  }
  return { type: 'Sequential', path, key, input, output, children };
}

const largestCount = 10_000;

function readCount(written: number | string, evaluate: Evaluate): number {
  const count = typeof written === 'string' ? evaluate(written) : written;
  if (Number.isInteger(count) && count >= 1 && count <= largestCount) return count;
  return refuse(`needs a count from 1 to ${largestCount}, not ${count}`);
}

function resolveBlock(node: BlockNode, place: Place, input: Shape): ResolvedNode {
  const definition = Object.hasOwn(place.blocks, node.block) ? place.blocks[node.block] : undefined;
  const scope = at(
    place,
    'Block',
    () => {
      if (definition === undefined) {
        return refuse(
          `names no block of this project: "${node.block}".${didYouMean(node.block, Object.keys(place.blocks))}`,
        );
      }
      if (place.within.includes(node.block)) refuse(`"${node.block}" contains itself`);
      return blockScope(node, definition, evaluatorOf(place.scope));
    },
    'block',
  );
  const path = `${place.path}/blocks.${node.block}.body`;
  return resolve(definition!.body, { ...place, path, scope, within: [...place.within, node.block] }, input);
}
